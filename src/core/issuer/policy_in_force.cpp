#include "core/issuer/policy_in_force.hpp"

#include <utility>

#include "core/codec/base64url.hpp"
#include "core/crypto/digest.hpp"

namespace mcpauth::issuer {

Result<PolicyInForce> load_policy(const std::filesystem::path& file) {
  TRY(auto reading, policy::read(file));
  std::string digest = digest_of(reading.sources);
  TRY(auto policy, policy::usable(std::move(reading)));
  return PolicyInForce{.engine = policy::Engine(std::move(policy)), .digest = std::move(digest)};
}

std::string digest_of(std::span<const policy::Source> sources) {
  const auto digest = [](std::string_view text) {
    return base64url::encode(crypto::sha256(bytes_of(text)));
  };
  if (sources.size() == 1) return digest(sources.front().text);
  std::string all;
  for (const auto& source : sources)
    all += digest(source.file) + digest(source.text);
  return digest(all);
}

}  // namespace mcpauth::issuer
