#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/result.hpp"

namespace mcpauth::json {

class Value;
struct Member;
using Array = std::vector<Value>;

/// The members of an object in the order of the text. Names are unique: `parse` refuses a second.
class Object {
 public:
  // Defined below Member: before that, clang cannot make a vector of them.
  Object();
  Object(std::initializer_list<Member> members);
  Object(const Object& other);
  Object(Object&& other) noexcept;
  Object& operator=(const Object& other);
  Object& operator=(Object&& other) noexcept;
  ~Object();

  /// The member of this name, or null.
  const Value* find(std::string_view name) const;
  /// Adds a member, or replaces the one of this name.
  void set(std::string name, Value value);
  bool empty() const;
  std::size_t size() const;
  std::vector<Member>::const_iterator begin() const;
  std::vector<Member>::const_iterator end() const;

 private:
  friend class Builder;
  std::vector<Member> members_;
};

/// One JSON value. Integers keep their type: `uint64_t` only above the range of `int64_t`.
class Value {
 public:
  using Storage = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double,
                               std::string, Array, Object>;

  Value() = default;
  Value(std::nullptr_t) {}
  Value(bool value) : storage_(value) {}
  Value(int value) : storage_(std::int64_t{value}) {}
  Value(unsigned value) : storage_(std::int64_t{value}) {}
  Value(std::int64_t value) : storage_(value) {}
  Value(std::uint64_t value);
  Value(double value) : storage_(value) {}
  Value(const char* value) : storage_(std::string(value)) {}
  Value(std::string_view value) : storage_(std::string(value)) {}
  Value(std::string value) : storage_(std::move(value)) {}
  Value(Array value) : storage_(std::move(value)) {}
  Value(Object value) : storage_(std::move(value)) {}

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(storage_); }
  /// The content if it is of that type, otherwise null or nothing. No type converts to another.
  const bool* boolean() const { return std::get_if<bool>(&storage_); }
  const std::string* string() const { return std::get_if<std::string>(&storage_); }
  const Array* array() const { return std::get_if<Array>(&storage_); }
  const Object* object() const { return std::get_if<Object>(&storage_); }
  Object* object() { return std::get_if<Object>(&storage_); }
  std::optional<std::int64_t> integer() const;
  std::optional<double> number() const;  ///< any of the three number types

  /// The member of an object; null when this is not an object or has no such member.
  const Value* find(std::string_view name) const;
  /// The value at an RFC 6901 JSON Pointer ("" is the value itself), or null.
  const Value* at_pointer(std::string_view pointer) const;
  const Storage& storage() const { return storage_; }

  friend bool operator==(const Value& a, const Value& b);

 private:
  friend class Builder;
  Storage storage_ = nullptr;
};

struct Member {
  std::string name;
  Value value;
};

inline Object::Object() = default;
inline Object::Object(const Object& other) = default;
inline Object::Object(Object&& other) noexcept = default;
inline Object& Object::operator=(const Object& other) = default;
inline Object& Object::operator=(Object&& other) noexcept = default;
inline Object::~Object() = default;
inline bool Object::empty() const {
  return members_.empty();
}
inline std::size_t Object::size() const {
  return members_.size();
}
inline std::vector<Member>::const_iterator Object::begin() const {
  return members_.begin();
}
inline std::vector<Member>::const_iterator Object::end() const {
  return members_.end();
}

struct Limits {
  std::size_t bytes = 1 << 20;
  unsigned depth = 64;           ///< nesting of arrays and objects
  std::size_t values = 100'000;  ///< values and member names in all
};

/// Strict RFC 8259: valid UTF-8 without BOM, no duplicate member, no NUL in a string, no lone
/// surrogate, numbers in the range of int64, uint64 or a finite double, nothing after the value.
/// The error names the byte where it stopped.
Result<Value> parse(std::string_view text, const Limits& limits = {});

/// Compact, in the order of the members; strings are escaped so that the line stays one line
/// (control characters, U+2028, U+2029). Non-ASCII stays UTF-8.
std::string write(const Value& value);
/// Indented by two spaces, for people.
std::string write_pretty(const Value& value);
/// A string with quotes and escapes, as in `write`.
std::string quote(std::string_view text);

}  // namespace mcpauth::json
