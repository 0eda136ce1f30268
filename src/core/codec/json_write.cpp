#include <array>
#include <charconv>
#include <cmath>

#include "core/codec/json.hpp"

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

struct CodePoint {
  unsigned code = 0;
  std::size_t size = 0;  ///< 0: the bytes are not UTF-8
};

/// The code point of two or more bytes at the start of `text`; overlong forms and surrogates are
/// not UTF-8.
CodePoint multibyte(std::string_view text) {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  const std::size_t size = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : 2;
  if (lead < 0xC2U || lead > 0xF4U || text.size() < size) return {};
  unsigned code = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    code = code << 6U | (byte(i) & 0x3FU);
  }
  const bool overlong = (size == 3 && code < 0x800U) || (size == 4 && code < 0x10000U);
  const bool surrogate = code >= 0xD800U && code <= 0xDFFFU;
  if (overlong || surrogate || code > 0x10FFFFU) return {};
  return {code, size};
}

/// Writes what stands at the start of a non-ASCII `text` and gives its length in bytes. Bytes that
/// are not UTF-8 can come only from our own code; U+FFFD keeps the output JSON.
std::size_t append_multibyte(std::string& out, std::string_view text) {
  const auto [code, size] = multibyte(text);
  const bool breaks_line = code < 0xA0U || code == 0x2028U || code == 0x2029U;
  if (size == 0) {
    append_hex(out, 0xFFFD);
  } else if (breaks_line) {
    append_hex(out, code);
  } else {
    out.append(text.substr(0, size));
  }
  return size == 0 ? 1 : size;
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
