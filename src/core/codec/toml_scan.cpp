#include "core/codec/toml_scan.hpp"

#include <set>
#include <string>
#include <vector>

#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/toml_lexer.hpp"

namespace mcpauth::toml {
namespace {

/// How many bytes the well-formed UTF-8 character at the start of `bytes` has; 0: it is not one.
std::size_t character_length(std::string_view bytes) {
  const auto byte = [&](std::size_t i) {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return tail(1) ? 2 : 0;
  if (lead < 0xF0) {
    const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = lead == 0xED && byte(1) > 0x9F;
    return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead > 0xF4) return 0;
  const bool overlong = lead == 0xF0 && byte(1) < 0x90;
  const bool beyond = lead == 0xF4 && byte(1) > 0x8F;
  return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
}

std::string hex_byte(char c) {
  return text::format("0x{:02x}", static_cast<unsigned char>(c));
}

bool is_bare(char c) {
  return text::is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
         c == '-';
}

/// Reads the lexical structure only. It tells keys from values, and sees strings and comments begin
/// and end exactly where the library does, for as long as the library finds no error.
class Scanner {
 public:
  Scanner(std::string_view text, std::string_view file, const Limits& limits)
      : text_(text), file_(file), limits_(limits) {}

  std::optional<Problem> run() {
    if (text_.size() > limits_.bytes) {
      fail(text::format("larger than {} bytes", limits_.bytes));
    } else if (text_.starts_with("\xEF\xBB\xBF")) {
      fail("begins with a byte order mark", "save the file as UTF-8 without BOM");
    }
    while (!problem_ && !done())
      structure();
    if (!problem_ && !open_.empty()) {
      const Open& left = open_.back();
      fail_at(left.line, left.column, text::format("`{}` is not closed", left.bracket));
    }
    return std::move(problem_);
  }

 private:
  struct Open {
    char bracket;
    unsigned line, column;
  };

  bool done() const { return at_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void fail_at(unsigned line, unsigned column, std::string message, std::string hint = {}) {
    if (problem_) return;
    problem_ = Problem{.file = std::string(file_),
                       .line = line,
                       .column = column,
                       .message = std::move(message),
                       .hint = std::move(hint)};
  }
  void fail(std::string message, std::string hint = {}) {
    fail_at(line_, column_, std::move(message), std::move(hint));
  }

  /// Steps over one character; refuses a control character and a byte that is not UTF-8.
  void advance() {
    const char c = peek();
    if (c >= 0x20 && c < 0x7F) {  // nearly all there is
      ++at_;
      ++column_;
      return;
    }
    const bool line_end = c == '\n' || (c == '\r' && peek(1) == '\n');
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t' && !line_end) || c == 0x7F) {
      return fail("control character " + hex_byte(c), "write it as an escape inside a string");
    }
    const std::size_t length = character_length(text_.substr(at_));
    if (length == 0) return fail("invalid UTF-8 byte " + hex_byte(c), "save the file as UTF-8");
    at_ += length;
    ++column_;
    if (c == '\n') {
      ++line_;
      column_ = 1;
    }
  }

  void blanks() {
    while (text::is_blank(peek()))
      advance();
  }

  void structure() {
    const char c = peek();
    if (c == '"' || c == '\'') return string();
    if (c == '#') return comment();
    if (static_cast<unsigned char>(c) >= 0x80) return non_ascii();
    if (c == '\n') return line_break();
    if (c == '[' || c == '{') return open_bracket();
    if (c == ']' || c == '}') return close_bracket();
    if (c == '.' && in_key_) return dot();
    if (c == ',' || c == '=') return separator();
    if (in_key_ && !is_bare(c) && !text::is_blank(c) && c != '\r' && c > ' ' && c != 0x7F) {
      return fail(text::format("`{}` cannot stand in a name without quotes", c),
                  "put the name in double quotes");
    }
    statement_begun_ = statement_begun_ || !text::is_blank(c);
    advance();
  }

  void non_ascii() {
    if (character_length(text_.substr(at_)) == 0) return advance();
    fail("a character beyond ASCII outside a string or comment", "put it in double quotes");
  }

  void line_break() {
    advance();
    if (!open_.empty()) return;
    in_key_ = true;
    statement_begun_ = false;
    dots_ = 0;
  }

  /// Steps over the string or comment that begins here.
  Lexeme lexeme() {
    const auto found = first_lexeme(text_.substr(at_));
    const std::size_t end = at_ + found.text.size();
    while (!problem_ && at_ < end)
      advance();
    return found;
  }

  void comment() { lexeme(); }

  void separator() {
    const bool comma = peek() == ',';
    if (++values_ > limits_.values) {
      return fail(text::format("more than {} values", limits_.values));
    }
    in_key_ = comma && !open_.empty() && open_.back().bracket == '{';
    dots_ = 0;
    advance();
  }

  void dot() {
    // Each may make a table, and the library searches its tables one by one.
    constexpr unsigned kMaxDots = 1U << 16U;
    if (++dots_ >= limits_.depth) return fail_depth();
    if (++all_dots_ > kMaxDots) {
      return fail(text::format("more than {} dotted names", kMaxDots));
    }
    advance();
  }

  void fail_depth() { fail(text::format("nested more than {} levels deep", limits_.depth)); }

  void open_bracket() {
    if (in_key_ && open_.empty() && !statement_begun_ && peek() == '[') return header();
    if (in_key_) {
      return fail(text::format("`{}` cannot stand in a name without quotes", peek()),
                  "put the name in double quotes");
    }
    if (open_.size() >= limits_.depth) return fail_depth();
    open_.push_back({peek(), line_, column_});
    in_key_ = peek() == '{';
    dots_ = 0;
    advance();
  }

  void close_bracket() {
    const char bracket = peek() == ']' ? '[' : '{';
    if (open_.empty() || open_.back().bracket != bracket) {
      return fail(text::format("`{}` closes nothing", peek()));
    }
    open_.pop_back();
    in_key_ = false;
    advance();
  }

  /// [a.b] or [[a.b]], up to the last bracket.
  void header() {
    const std::size_t begin = at_;
    advance();
    const bool list = peek() == '[';
    if (list) advance();
    blanks();
    if (!is_bare(peek()) && peek() != '"' && peek() != '\'') {
      return fail("a table header needs a name after `[`");
    }
    dots_ = 0;
    while (!problem_ && peek() != ']')
      header_part();
    if (problem_) return;
    advance();
    if (list && peek() != ']') return fail("a list's header ends with `]]`");
    if (list) advance();
    in_key_ = false;
    if (list) remember_list(text_.substr(begin, at_ - begin));
  }

  void header_part() {
    const char c = peek();
    if (c == '"' || c == '\'') return string();
    if (c == '.') return dot();
    if (static_cast<unsigned char>(c) >= 0x80) return non_ascii();
    if (!is_bare(c) && !text::is_blank(c)) return fail("the table header is not closed with `]`");
    advance();
  }

  void remember_list(std::string_view written) {
    constexpr std::size_t kMaxLists = 1024;
    if (lists_.insert(written).second && lists_.size() > kMaxLists) {
      fail(text::format("more than {} different lists of tables", kMaxLists));
    }
  }

  void string() {
    const unsigned line = line_;
    const unsigned column = column_;
    // The library would read on after a bare value, and may do anything with what it finds there.
    constexpr std::string_view kBefore = "\n\r\t =[{,.";
    if (at_ > 0 && kBefore.find(text_[at_ - 1]) == std::string_view::npos) {
      return fail("a string cannot begin here", "put `=`, `,` or a line end before it");
    }
    statement_begun_ = true;
    if (!lexeme().is_closed) fail_at(line, column, "the string is not closed");
  }

  std::string_view text_;
  std::string_view file_;
  const Limits& limits_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  unsigned column_ = 1;
  std::vector<Open> open_;
  bool in_key_ = true;
  bool statement_begun_ = false;
  unsigned dots_ = 0;      // in this name
  unsigned all_dots_ = 0;  // in all names
  std::size_t values_ = 0;
  std::set<std::string_view> lists_;
  std::optional<Problem> problem_;
};

}  // namespace

std::optional<Problem> scan(std::string_view text, std::string_view file, const Limits& limits) {
  return Scanner(text, file, limits).run();
}

}  // namespace mcpauth::toml
