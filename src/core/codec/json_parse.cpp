#include <algorithm>
#include <iterator>

#include <nlohmann/json.hpp>

#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/json.hpp"

// nlohmann's SAX parser is iterative, so only the depth of the finished tree matters. This file
// refuses what nlohmann accepts: a BOM, NUL bytes at the end (it takes them for the end of input),
// duplicate members, U+0000, and integers that it would turn into a double.
namespace mcpauth::json {
namespace {

/// An iterator whose position the builder can read, so that its errors can name the byte. The SAX
/// interface does not pass one.
class Cursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  explicit Cursor(const char** at) : at_(at) {}
  const char& operator*() const { return **at_; }
  Cursor& operator++() {
    ++*at_;
    return *this;
  }
  friend bool operator==(const Cursor& a, const Cursor& b) { return *a.at_ == *b.at_; }

 private:
  const char** at_;
};

/// nlohmann's message without its prefix and without its quote of the input.
std::string detail_of(std::string_view what) {
  const auto start = what.find(" - ");
  if (start == std::string_view::npos) return "number out of range";
  what.remove_prefix(start + 3);
  return std::string(what.substr(0, what.find("; last read")));
}

const std::string* repeated_among_few(const std::vector<Member>& members) {
  for (std::size_t i = 1; i < members.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (members[i].name == members[j].name) return &members[i].name;
    }
  }
  return nullptr;
}

/// The name that two members share, or null.
const std::string* repeated_name(const std::vector<Member>& members) {
  constexpr std::size_t kFew = 16;  // up to here comparing all pairs is quicker than sorting
  if (members.size() <= kFew) return repeated_among_few(members);
  std::vector<const std::string*> names;
  names.reserve(members.size());
  for (const Member& member : members)
    names.push_back(&member.name);
  const auto less = [](const auto* a, const auto* b) { return *a < *b; };
  std::ranges::sort(names, less);
  const auto same = [](const auto* a, const auto* b) { return *a == *b; };
  const auto at = std::ranges::adjacent_find(names, same);
  return at == names.end() ? nullptr : *at;
}

}  // namespace

/// Receives nlohmann's events and grows the tree. `open_` points into it: a container does not move
/// while one of its children is open.
class Builder {
 public:
  explicit Builder(const Limits& limits) : limits_(limits) {}

  Value root;
  std::string refusal;   ///< why parsing stopped; empty when it did not
  std::size_t byte = 0;  ///< where nlohmann found an error; 0 when we did

  bool null() { return place(Value()) != nullptr; }
  bool boolean(bool value) { return place(Value(value)) != nullptr; }
  bool number_integer(std::int64_t value) { return place(Value(value)) != nullptr; }
  bool number_unsigned(std::uint64_t value) { return place(Value(value)) != nullptr; }
  bool number_float(double value, const std::string& text) {
    if (text.find_first_of(".eE") == std::string::npos) {
      return refuse("an integer is outside the 64-bit range");
    }
    return place(Value(value)) != nullptr;
  }
  bool string(std::string& value) {
    if (value.find('\0') != std::string::npos) return refuse("a string holds U+0000");
    return place(Value(std::move(value))) != nullptr;
  }
  bool binary(const nlohmann::json::binary_t&) { return refuse("binary"); }

  bool start_object(std::size_t) { return open(Value(Object())); }
  bool start_array(std::size_t) { return open(Value(Array())); }
  bool key(std::string& name) {
    if (name.find('\0') != std::string::npos) return refuse("a member name holds U+0000");
    if (!count()) return false;
    auto& members = open_.back()->object()->members_;
    if (members.empty()) members.reserve(kUsualMembers);
    members.push_back({std::move(name), Value()});
    return true;
  }
  bool end_object() {
    if (const auto* name = repeated_name(open_.back()->object()->members_)) {
      return refuse(text::format("an object has two members named `{}`", *name));
    }
    open_.pop_back();
    return true;
  }
  bool end_array() {
    open_.pop_back();
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& ex) {
    byte = position;
    return refuse(detail_of(ex.what()));
  }

 private:
  bool refuse(std::string why) {
    refusal = std::move(why);
    return false;
  }
  bool count() {
    return ++values_ <= limits_.values ||
           refuse(text::format("more than {} values", limits_.values));
  }
  Value* place(Value&& value) {
    if (!count()) return nullptr;
    if (open_.empty()) return &(root = std::move(value));
    auto& parent = open_.back()->storage_;
    if (auto* array = std::get_if<Array>(&parent)) return &array->emplace_back(std::move(value));
    return &(std::get<Object>(parent).members_.back().value = std::move(value));
  }
  bool open(Value&& container) {
    if (open_.size() >= limits_.depth) {
      return refuse(text::format("nested deeper than {}", limits_.depth));
    }
    Value* placed = place(std::move(container));
    if (placed != nullptr) open_.push_back(placed);
    return placed != nullptr;
  }

  static constexpr std::size_t kUsualMembers = 8;  // saves the claims of a token three moves

  const Limits& limits_;
  std::vector<Value*> open_;
  std::size_t values_ = 0;
};

Result<Value> parse(std::string_view text, const Limits& limits) {
  const auto refused = [](std::size_t byte, const std::string& why) {
    return Error{.code = Errc::input,
                 .message = text::format("not acceptable JSON at byte {}: {}", byte, why)};
  };
  if (text.size() > limits.bytes) {
    return Error{.code = Errc::input,
                 .message = text::format("JSON of {} bytes is over the limit of {}", text.size(),
                                         limits.bytes),
                 .reason = reason::kTooLarge};
  }
  if (text.starts_with("\xEF\xBB\xBF")) return refused(1, "a byte order mark");
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    return refused(nul + 1, "a NUL byte");
  }
  const char* at = text.data();
  const char* end = text.data() + text.size();
  Builder builder(limits);
  if (!nlohmann::json::sax_parse(Cursor(&at), Cursor(&end), &builder)) {
    const auto read = static_cast<std::size_t>(at - text.data());
    return refused(builder.byte != 0 ? builder.byte : read, builder.refusal);
  }
  return std::move(builder.root);
}

}  // namespace mcpauth::json
