#include "core/audit/query/filter_scan.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/style.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::audit::query {
namespace {

using Kind = Token::Kind;

struct Sign {
  std::string_view text;
  Kind kind;
};

// Longer signs first.
constexpr std::array<Sign, 14> kSigns = {{{"&&", Kind::conjunction},
                                          {"||", Kind::disjunction},
                                          {"==", Kind::comparison},
                                          {"!=", Kind::comparison},
                                          {"!~", Kind::comparison},
                                          {"<=", Kind::comparison},
                                          {">=", Kind::comparison},
                                          {"=", Kind::comparison},
                                          {"~", Kind::comparison},
                                          {"<", Kind::comparison},
                                          {">", Kind::comparison},
                                          {"!", Kind::negation},
                                          {"(", Kind::open},
                                          {")", Kind::close}}};
constexpr std::array<Sign, 3> kWords = {
    {{"and", Kind::conjunction}, {"or", Kind::disjunction}, {"not", Kind::negation}}};

bool is_word(char c) {
  constexpr std::string_view kOthers = "_./:@*?+-";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || text::is_digit(c) ||
         kOthers.find(c) != std::string_view::npos;
}

std::string hint_for(std::string_view rest) {
  switch (rest.front()) {
    case '&':
      return "write `and` or `&&`";
    case '|':
      return "write `or` or `||`";
    case '\'':
      return "put values into double quotes";
    default:
      return "put values with characters other than letters, digits and _./:@*?+- into double "
             "quotes";
  }
}

Result<Token> quoted(std::string_view expression, std::size_t& at) {
  Token token{.kind = Kind::quoted, .at = at};
  for (++at; at < expression.size(); ++at) {
    if (expression[at] == '"') {
      ++at;
      return token;
    }
    if (expression[at] == '\\') {
      const auto escaped = expression.substr(at + 1, 1);
      if (escaped != "\"" && escaped != "\\") {
        return mistake(expression, at, "a `\\` may only come before `\"` and `\\`");
      }
      ++at;
    }
    token.text += expression[at];
  }
  return mistake(expression, token.at, "the quote is not closed");
}

Token word(std::string_view expression, std::size_t& at) {
  const auto* const begin = expression.begin() + static_cast<std::ptrdiff_t>(at);
  const auto* const end = std::find_if_not(begin, expression.end(), is_word);
  Token token{.kind = Kind::word, .text = std::string(begin, end), .at = at};
  at += token.text.size();
  const auto* const keyword = std::ranges::find(kWords, token.text, &Sign::text);
  if (keyword != kWords.end()) token.kind = keyword->kind;
  return token;
}

std::optional<Token> sign(std::string_view expression, std::size_t& at) {
  const auto rest = expression.substr(at);
  const auto* const found = std::ranges::find_if(
      kSigns, [rest](const Sign& sign) { return rest.starts_with(sign.text); });
  if (found == kSigns.end()) return std::nullopt;
  Token token{.kind = found->kind, .text = std::string(found->text), .at = at};
  at += found->text.size();
  return token;
}

std::string character_at(std::string_view expression, std::size_t at) {
  return std::string(expression.substr(at, text::decode(expression.substr(at)).length));
}

}  // namespace

Error mistake(std::string_view expression, std::size_t at, const std::string& message,
              const std::string& hint) {
  const auto column = static_cast<unsigned>(text::width_of(expression.substr(0, at))) + 1;
  return {.code = Errc::usage,
          .message = text::format("{} at column {}", message, column),
          .hint = hint,
          .why = text::format("the filter is {}", expression),
          .problems = {{.line = 1, .column = column, .message = message, .hint = hint}}};
}

Result<std::vector<Token>> scan(std::string_view expression) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (true) {
    at = std::min(expression.find_first_not_of(" \t\r\n", at), expression.size());
    if (at == expression.size()) break;
    if (expression[at] == '"') {
      TRY(auto token, quoted(expression, at));
      tokens.push_back(std::move(token));
    } else if (is_word(expression[at])) {
      tokens.push_back(word(expression, at));
    } else if (auto found = sign(expression, at)) {
      tokens.push_back(*std::move(found));
    } else {
      return mistake(expression, at,
                     text::format("`{}` has no meaning", character_at(expression, at)),
                     hint_for(expression.substr(at)));
    }
  }
  tokens.push_back({.kind = Kind::end, .at = at});
  return tokens;
}

}  // namespace mcpauth::audit::query
