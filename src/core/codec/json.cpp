#include "core/codec/json.hpp"

#include <algorithm>
#include <limits>

#include "core/codec/number.hpp"

namespace mcpauth::json {
namespace {

/// One reference token of a JSON Pointer with ~1 and ~0 undone; nothing when an escape is bad.
std::optional<std::string> unescape(std::string_view token) {
  std::string name;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      name.push_back(token[i]);
      continue;
    }
    ++i;
    if (i == token.size() || (token[i] != '0' && token[i] != '1')) return std::nullopt;
    name.push_back(token[i] == '0' ? '~' : '/');
  }
  return name;
}

const Value* element(const Array& array, std::string_view token) {
  const auto index = parse_number<std::size_t>(token);
  const bool leading_zero = token.size() > 1 && token.front() == '0';
  if (!index || leading_zero || *index >= array.size()) return nullptr;
  return &array[*index];
}

const Value* step(const Value& value, std::string_view token) {
  if (const Array* array = value.array()) return element(*array, token);
  const auto name = unescape(token);
  return name ? value.find(*name) : nullptr;
}

bool same_members(const Object& a, const Object& b) {
  return a.size() == b.size() && std::ranges::all_of(a, [&b](const Member& member) {
           const Value* other = b.find(member.name);
           return other != nullptr && *other == member.value;
         });
}

}  // namespace

Object::Object(std::initializer_list<Member> members) {
  members_.reserve(members.size());
  for (const Member& member : members)
    set(member.name, member.value);
}

const Value* Object::find(std::string_view name) const {
  for (const Member& member : members_) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

void Object::set(std::string name, Value value) {
  const auto at = std::ranges::find(members_, name, &Member::name);
  if (at != members_.end()) {
    at->value = std::move(value);
  } else {
    members_.push_back({std::move(name), std::move(value)});
  }
}

Value::Value(std::uint64_t value) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (value <= kMost) {
    storage_ = static_cast<std::int64_t>(value);
  } else {
    storage_ = value;
  }
}

std::optional<std::int64_t> Value::integer() const {
  const auto* value = std::get_if<std::int64_t>(&storage_);
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<double> Value::number() const {
  if (const auto* value = std::get_if<std::int64_t>(&storage_)) return static_cast<double>(*value);
  if (const auto* value = std::get_if<std::uint64_t>(&storage_)) return static_cast<double>(*value);
  if (const auto* value = std::get_if<double>(&storage_)) return *value;
  return std::nullopt;
}

const Value* Value::find(std::string_view name) const {
  const Object* members = object();
  return members != nullptr ? members->find(name) : nullptr;
}

const Value* Value::at_pointer(std::string_view pointer) const {
  const Value* at = this;
  while (!pointer.empty()) {
    if (pointer.front() != '/') return nullptr;
    pointer.remove_prefix(1);
    const std::string_view token = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(token.size());
    at = step(*at, token);
    if (at == nullptr) return nullptr;
  }
  return at;
}

bool operator==(const Value& a, const Value& b) {
  if (a.storage_.index() != b.storage_.index()) return false;
  const auto same = [&b](const auto& value) {
    using Kind = std::decay_t<decltype(value)>;
    if constexpr (std::is_same_v<Kind, Object>) {
      return same_members(value, std::get<Object>(b.storage_));
    } else {
      return value == std::get<Kind>(b.storage_);
    }
  };
  return std::visit(same, a.storage_);
}

}  // namespace mcpauth::json
