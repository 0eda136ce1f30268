#include <array>
#include <charconv>
#include <cmath>

#include "core/codec/json.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::json {
namespace {

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\';
}

void append_hex(std::string& out, unsigned code) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U})
    out.push_back(kHex[code >> shift & 0xFU]);
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      append_hex(out, static_cast<unsigned char>(c));
  }
}

/// Writes the first character of a non-ASCII `text` and returns its length in bytes. Invisible
/// characters are escaped, so that the output is safe on a terminal. Only our own code can pass
/// bytes that are not UTF-8; U+FFFD keeps the output JSON.
std::size_t append_multibyte(std::string& out, std::string_view text) {
  const auto [code, length] = text::decode(text);
  if (length == 0) {
    append_hex(out, 0xFFFD);
    return 1;
  }
  if (!text::is_hidden(code)) {
    out.append(text.substr(0, length));
  } else if (code < 0x10000U) {
    append_hex(out, code);
  } else {  // RFC 8259 section 7: as a surrogate pair
    append_hex(out, 0xD800U + ((code - 0x10000U) >> 10U));
    append_hex(out, 0xDC00U + (code & 0x3FFU));
  }
  return length;
}

void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && is_plain(text[plain]))
      ++plain;
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    std::size_t used = 1;
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      append_escaped(out, text.front());
    } else {
      used = append_multibyte(out, text);
    }
    text.remove_prefix(used);
  }
  out.push_back('"');
}

template <class Number>
std::string_view format(std::array<char, 32>& buffer, Number value) {
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

/// Prints one value and what it holds.
class Writer {
 public:
  Writer(std::string& out, bool pretty) : out_(out), pretty_(pretty) {}

  void write(const Value& value) {
    std::visit([this](const auto& content) { put(content); }, value.storage());
  }

 private:
  void put(std::nullptr_t) { out_ += "null"; }
  void put(bool value) { out_ += value ? "true" : "false"; }
  void put(std::int64_t value) { out_ += format(buffer_, value); }
  void put(std::uint64_t value) { out_ += format(buffer_, value); }
  void put(double value) {
    if (!std::isfinite(value)) {
      out_ += "null";  // JSON has no other way to say it
      return;
    }
    const auto text = format(buffer_, value);
    out_ += text;
    if (text.find_first_of(".e") == std::string_view::npos) out_ += ".0";  // stays a double
  }
  void put(const std::string& value) { append_quoted(out_, value); }
  void put(const Array& array) {
    put_all('[', ']', array, [this](const Value& value) { write(value); });
  }
  void put(const Object& object) {
    put_all('{', '}', object, [this](const Member& member) {
      append_quoted(out_, member.name);
      out_ += pretty_ ? ": " : ":";
      write(member.value);
    });
  }
  template <class Items, class Put>
  void put_all(char open, char close, const Items& items, Put put_item) {
    out_.push_back(open);
    ++depth_;
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_.push_back(',');
      first = false;
      new_line();
      put_item(item);
    }
    --depth_;
    if (!first) new_line();
    out_.push_back(close);
  }
  void new_line() {
    if (!pretty_) return;
    out_.push_back('\n');
    out_.append(depth_ * 2, ' ');
  }

  std::string& out_;
  bool pretty_;
  std::size_t depth_ = 0;
  std::array<char, 32> buffer_{};
};

}  // namespace

std::string write(const Value& value) {
  std::string out;
  Writer(out, false).write(value);
  return out;
}

std::string write_pretty(const Value& value) {
  std::string out;
  Writer(out, true).write(value);
  return out;
}

std::string quote(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

}  // namespace mcpauth::json
