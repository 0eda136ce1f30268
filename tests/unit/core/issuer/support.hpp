#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/file.hpp"
#include "core/codec/text.hpp"
#include "core/issuer/decide.hpp"
#include "unit/core/token/support.hpp"

namespace mcpauth::issuer {

using std::chrono::minutes;
using token::kNow;

inline const Terms kTerms{.url = "https://auth.example.com", .ttl = minutes(10)};

inline PolicyInForce policy_of(std::string_view toml) {
  return {.engine = token::engine_of(toml), .digest = "digest-of-the-policy"};
}

inline std::shared_ptr<const jose::SigningKey> shared_key() {
  return std::make_shared<const jose::SigningKey>(token::make_key());
}

inline identity::Identified member_of(std::vector<std::string> groups, std::string org = "acme") {
  return {.principal = {.idp = "okta",
                        .subject = "alice",
                        .org = std::move(org),
                        .groups = std::move(groups),
                        .client_id = {}},
          .claims = {},
          .expires = kNow + std::chrono::hours(1),
          .jti = "idp-jti"};
}

inline Result<Order> ask(const identity::Identified& who, Wanted wanted) {
  wanted.audience = "https://hr.internal";
  return decide(who, policy_of(token::kPolicy), wanted, kTerms, kNow);
}

/// The records of an audit log, in their order.
inline std::vector<json::Value> records(const std::filesystem::path& file) {
  std::vector<json::Value> all;
  const auto text = read_file(file);
  REQUIRE(text);
  for (const auto line : text::split(*text, '\n')) {
    if (!line.empty()) all.push_back(*json::parse(line));
  }
  return all;
}

inline std::string text_at(const json::Value& record, std::string_view name) {
  const auto* value = record.find(name);
  REQUIRE(value != nullptr);
  return value->string() == nullptr ? json::write(*value) : *value->string();
}

}  // namespace mcpauth::issuer
