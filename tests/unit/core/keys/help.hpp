#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "core/jose/jwk.hpp"
#include "core/keys/ring.hpp"

namespace mcpauth::keys::test {

inline constexpr Instant kStart{std::chrono::seconds(1'800'000'000)};

inline jose::SigningKey new_key(crypto::Algorithm alg = crypto::Algorithm::es256,
                                crypto::KeyType type = crypto::KeyType::p256) {
  auto key = crypto::PrivateKey::generate(type).value();
  auto kid = jose::thumbprint(key.public_key());
  return {std::move(key), alg, std::move(kid)};
}

inline std::set<std::string> names_in(const std::filesystem::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

inline const Entry* with_state(const Ring& ring, State state) {
  for (const Entry& entry : ring.entries()) {
    if (entry.state == state) return &entry;
  }
  return nullptr;
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace mcpauth::keys::test
