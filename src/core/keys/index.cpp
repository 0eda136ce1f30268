#include "core/keys/index.hpp"

#include <algorithm>
#include <array>

#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/time.hpp"
#include "core/jose/jwk.hpp"

namespace mcpauth::keys {
namespace {

Error wrong(std::string message) {
  return {.code = Errc::input, .message = std::move(message)};
}

Result<void> only_members(const json::Object& object, std::span<const std::string_view> known) {
  for (const auto& member : object) {
    if (std::ranges::find(known, member.name) == known.end()) {
      return wrong(text::format("unknown member `{}`", member.name));
    }
  }
  return {};
}

Result<std::string> text_member(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  if (value == nullptr) return wrong(text::format("`{}` is missing", name));
  if (value->string() == nullptr) return wrong(text::format("`{}` is not a string", name));
  return *value->string();
}

/// Only the form that write_index writes; not relative times such as "now".
Result<std::optional<Instant>> time_member(const json::Object& object, std::string_view name) {
  if (object.find(name) == nullptr) return std::optional<Instant>{};
  TRY(const std::string text, text_member(object, name));
  const auto instant = time::parse_instant(text, Instant{});
  if (!instant || time::format_instant(*instant) != text) {
    return wrong(text::format("`{}` is not an RFC 3339 time in UTC", name));
  }
  return std::optional<Instant>{*instant};
}

/// The public key. Its kid and alg must equal those of the entry.
Result<crypto::PublicKey> key_member(const json::Object& object, std::string_view kid,
                                     crypto::Algorithm alg) {
  const json::Value* value = object.find("jwk");
  if (value == nullptr) return wrong("`jwk` is missing");
  auto jwk = jose::parse_jwk(*value);
  if (!jwk) return std::move(jwk).error().context("`jwk`");
  if (jose::thumbprint(jwk->key) != kid) return wrong("`kid` is not the thumbprint of the key");
  if (!crypto::fits(alg, jwk->key.type())) return wrong("`alg` does not fit the key");
  if (!(json::Value(jose::to_jwk(jwk->key, kid, alg)) == *value)) {
    return wrong(
        "`jwk` has other members than kty, its numbers, kid, use and alg, or other values");
  }
  return jwk->key;
}

Result<void> check_times(const Entry& entry) {
  const bool activated = entry.state != State::next;
  const bool retired = entry.state == State::retired;
  if (entry.activated.has_value() != activated || entry.retired.has_value() != retired) {
    return wrong(text::format("the times do not belong to the state `{}`", name(entry.state)));
  }
  return {};
}

Result<Entry> parse_entry(const json::Value& value) {
  static constexpr std::array<std::string_view, 7> kMembers{
      "kid", "alg", "state", "created", "activated", "retired", "jwk"};
  const json::Object* object = value.object();
  if (object == nullptr) return wrong("not an object");
  TRY_VOID(only_members(*object, kMembers));
  TRY(const std::string kid, text_member(*object, "kid"));
  TRY(const std::string alg_name, text_member(*object, "alg"));
  TRY(const std::string state_text, text_member(*object, "state"));
  const auto alg = crypto::algorithm_named(alg_name);
  if (!alg) return wrong(text::format("`alg` is not a supported algorithm: `{}`", alg_name));
  const auto state = state_named(state_text);
  if (!state)
    return wrong(text::format("`state` is not next, active or retired: `{}`", state_text));
  TRY(const auto created, time_member(*object, "created"));
  if (!created) return wrong("`created` is missing");
  TRY(const auto activated, time_member(*object, "activated"));
  TRY(const auto retired, time_member(*object, "retired"));
  TRY(crypto::PublicKey key, key_member(*object, kid, *alg));
  Entry entry{kid, *alg, *state, std::move(key), *created, activated, retired};
  TRY_VOID(check_times(entry));
  return entry;
}

Result<void> check_together(const std::vector<Entry>& entries) {
  const auto active = std::ranges::count(entries, State::active, &Entry::state);
  if (active != 1) return wrong(text::format("there must be one active key, not {}", active));
  if (std::ranges::count(entries, State::next, &Entry::state) > 1) {
    return wrong("there must be at most one next key");
  }
  for (const Entry& entry : entries) {
    if (std::ranges::count(entries, entry.kid, &Entry::kid) > 1) {
      return wrong(text::format("the key `{}` is there twice", entry.kid));
    }
  }
  return {};
}

}  // namespace

Result<std::vector<Entry>> parse_index(std::string_view text) {
  static constexpr std::array<std::string_view, 2> kMembers{"schema", "keys"};
  TRY(const json::Value document, json::parse(text, {.bytes = kMaxRingBytes, .depth = 8}));
  if (document.object() == nullptr) return wrong("not a JSON object");
  TRY_VOID(only_members(*document.object(), kMembers));
  TRY(const std::string schema, text_member(*document.object(), "schema"));
  if (schema != kRingSchema) {
    return wrong(text::format("the schema is `{}`; this version reads {}", schema, kRingSchema));
  }
  const json::Value* list = document.find("keys");
  if (list == nullptr || list->array() == nullptr) return wrong("`keys` is not a list");
  if (list->array()->size() > kMaxRingKeys) {
    return wrong(text::format("more than {} keys", kMaxRingKeys));
  }
  std::vector<Entry> entries;
  for (const json::Value& value : *list->array()) {
    auto entry = parse_entry(value);
    if (!entry) {
      return std::move(entry).error().context(text::format("key {}", entries.size() + 1));
    }
    entries.push_back(*std::move(entry));
  }
  TRY_VOID(check_together(entries));
  return entries;
}

std::string write_index(const std::vector<Entry>& entries) {
  json::Array list;
  for (const Entry& entry : entries) {
    json::Object object;
    object.set("kid", entry.kid);
    object.set("alg", crypto::name(entry.alg));
    object.set("state", name(entry.state));
    object.set("created", time::format_instant(entry.created));
    if (entry.activated) object.set("activated", time::format_instant(*entry.activated));
    if (entry.retired) object.set("retired", time::format_instant(*entry.retired));
    object.set("jwk", jose::to_jwk(entry.key, entry.kid, entry.alg));
    list.emplace_back(std::move(object));
  }
  json::Object document;
  document.set("schema", kRingSchema);
  document.set("keys", std::move(list));
  return json::write_pretty(json::Value(std::move(document))) + "\n";
}

}  // namespace mcpauth::keys
