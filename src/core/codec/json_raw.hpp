#pragma once

#include <optional>
#include <string_view>
#include <vector>

// JSON that may hold secrets. The parser keeps what it reads in ordinary strings, which nobody
// wipes. These functions only find the parts of a text: what they return are views into it, as it
// is written, with quotes and escapes. They do not check the JSON. The parser does that afterwards.
namespace mcpauth::json {

/// A member of an object. `name` is what stands between the quotes, `value` is the whole value.
struct RawMember {
  std::string_view name;
  std::string_view value;
};

/// What one pair of brackets holds.
template <class Part>
struct RawParts {
  std::vector<Part> parts;
  /// Whether the brackets open at the start of the text and close at its end, blanks aside. Where
  /// they do not close, the last part goes to the end of the text.
  bool whole = false;
};

/// The members of the object that the text is. A part that is not a member is left out.
RawParts<RawMember> raw_members(std::string_view object);
/// The items of the array that the text is.
RawParts<std::string_view> raw_items(std::string_view array);
/// The value of the object's first member of this name. Nothing when there is none, or when the
/// text is not a whole object. A name that is written with escapes is not recognised.
std::optional<std::string_view> raw_member(std::string_view object, std::string_view name);
/// What a string holds, between its quotes; nothing when the value is not a string.
std::optional<std::string_view> raw_string(std::string_view value);

}  // namespace mcpauth::json
