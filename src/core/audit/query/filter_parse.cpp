#include "core/audit/query/filter_parse.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "core/audit/query/fields.hpp"
#include "core/audit/query/filter_scan.hpp"
#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/number.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::audit::query {
namespace {

using audit::Field;
using Kind = Token::Kind;

constexpr std::size_t kLongest = 4096;
constexpr unsigned kDeepest = 64;
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kMostDigits = 18;  // every number of that length is below kMost

// The only values of these fields. A filter for any other value would never match.
constexpr std::array<std::string_view, 3> kDecisions = {"allow", "deny", "error"};
constexpr std::array<std::string_view, 2> kPhases = {"intent", "outcome"};

std::span<const std::string_view> closed_list(Field field) {
  if (field == Field::decision) return kDecisions;
  if (field == Field::phase) return kPhases;
  return {};
}

bool is_number(Field field) {
  return field == Field::seq || field == Field::status || field == Field::latency_us;
}

struct Unit {
  std::string_view name;
  std::int64_t microseconds;
};
constexpr std::array<Unit, 5> kUnits = {
    {{"us", 1}, {"ms", 1000}, {"s", 1'000'000}, {"m", 60'000'000}, {"h", 3'600'000'000}}};

/// "50ms" or "1.5s", exactly. Nothing for any other form, and for fractions of a microsecond.
std::optional<std::int64_t> microseconds(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto* const unit = std::ranges::find(kUnits, text.substr(end), &Unit::name);
  if (unit == kUnits.end()) return std::nullopt;
  const auto number = text.substr(0, end);
  const std::size_t point = std::min(number.find('.'), number.size());
  const auto whole = number.substr(0, point);
  // Longer than any call takes, and short enough not to overflow below.
  if (whole.size() > 6 + (unit->microseconds < 1'000'000 ? 6U : 0U)) return std::nullopt;
  const auto value = parse_number<std::int64_t>(whole);
  if (!value) return std::nullopt;
  std::int64_t sum = *value * unit->microseconds;
  if (point == number.size()) return sum;
  std::int64_t part = unit->microseconds;
  const auto fraction = number.substr(point + 1);
  if (fraction.empty()) return std::nullopt;
  for (const char digit : fraction) {
    if (digit == '.' || part % 10 != 0) return std::nullopt;
    part /= 10;
    sum += (digit - '0') * part;
  }
  return sum;
}

/// "5xx"
std::optional<Within> status_class(std::string_view text) {
  if (text.size() != 3 || text.substr(1) != "xx" || text[0] < '1' || text[0] > '9') {
    return std::nullopt;
  }
  const std::int64_t hundreds = (text[0] - '0') * 100;
  return Within{hundreds, hundreds + 99};
}

/// The numbers that have this relation to every number of `exact`.
Within related(std::string_view sign, const Within& exact) {
  if (sign == "<") return {kLeast, exact.low - 1};
  if (sign == "<=") return {kLeast, exact.high};
  if (sign == ">") return {exact.high + 1, kMost};
  if (sign == ">=") return {exact.low, kMost};
  return exact;
}

class Parser {
 public:
  Parser(std::string_view expression, std::vector<Token> tokens, Instant now)
      : expression_(expression), tokens_(std::move(tokens)), now_(now) {}

  Result<Condition> whole() {
    if (next().kind == Kind::end) return wrong(next(), "the filter is empty");
    TRY(auto condition, any_of());
    const Token& rest = next();
    if (rest.kind == Kind::close) return wrong(rest, "`)` closes nothing");
    if (rest.kind != Kind::end) return wrong_connection(rest);
    return condition;
  }

 private:
  const Token& next() const { return tokens_[at_]; }
  const Token& take() { return tokens_[at_++]; }  // never the end
  Error wrong(const Token& token, const std::string& message, const std::string& hint = {}) const {
    return mistake(expression_, token.at, message, hint);
  }

  Result<Condition> any_of() {
    return chain(Kind::disjunction, Condition::Kind::any, &Parser::all_of);
  }
  Result<Condition> all_of() {
    return chain(Kind::conjunction, Condition::Kind::all, &Parser::one);
  }
  /// One or more parts with `sign` between them.
  Result<Condition> chain(Kind sign, Condition::Kind kind, Result<Condition> (Parser::*part)()) {
    TRY(auto first, (this->*part)());
    if (next().kind != sign) return first;
    Condition all{.kind = kind};
    all.parts.push_back(std::move(first));
    while (next().kind == sign) {
      take();
      TRY(auto more, (this->*part)());
      all.parts.push_back(std::move(more));
    }
    return all;
  }

  /// A comparison, something in parentheses, or the negation of one of these.
  Result<Condition> one() {
    if (next().kind != Kind::negation && next().kind != Kind::open) return comparison();
    if (depth_ == kDeepest) {
      return wrong(next(), text::format("the filter is nested deeper than {}", kDeepest));
    }
    ++depth_;
    const Token start = take();
    TRY(auto inner, start.kind == Kind::open ? any_of() : one());
    --depth_;
    if (start.kind == Kind::negation) return negation(std::move(inner));
    if (next().kind == Kind::end) return wrong(start, "`(` is not closed");
    if (next().kind != Kind::close) return wrong_connection(next());
    take();
    return inner;
  }
  static Condition negation(Condition inner) {
    Condition out{.kind = Condition::Kind::negation};
    out.parts.push_back(std::move(inner));
    return out;
  }

  Result<Condition> comparison() {
    TRY(const Field field, this->field());
    if (next().kind != Kind::comparison) return Condition{.comparison = {field, Present{}}};
    const Token sign = take();
    if (!next().is_value()) return wrong_value(sign);
    const Token value = take();
    const bool negated = sign.text.front() == '!';
    const bool pattern = sign.text.back() == '~';
    TRY(auto positive, pattern              ? like(field, sign, value)
                       : is_number(field)   ? number(field, sign, value)
                       : field == Field::ts ? time(sign, value)
                                            : equals(field, sign, value));
    return negated ? negation(std::move(positive)) : std::move(positive);
  }

  Result<Field> field() {
    const Token& token = next();
    if (token.kind == Kind::word) {
      name_ = token.text;
      if (const auto found = field_of(token.text)) {
        take();
        return *found;
      }
      return wrong(token, text::format("no record has a field `{}`", token.text),
                   name_hint(token.text));
    }
    std::string hint = "write a field, as in decision=deny";
    if (token.kind == Kind::quoted) hint = "the name of a field has no quotes";
    return wrong(token, "a field is missing", hint);
  }
  static std::string name_hint(std::string_view name) {
    const auto small = text::lowered(name);
    if (small != name && (small == "not" || small == "and" || small == "or")) {
      return text::format("write `{}` in small letters", small);
    }
    return query::field_hint(name);
  }

  /// After a complete condition, where only `and`, `or` or a parenthesis may come.
  Error wrong_connection(const Token& token) const {
    const auto small = text::lowered(token.text);
    std::string hint = "write `and` or `or` between two conditions";
    if (token.kind == Kind::word && (small == "and" || small == "or")) {
      hint = text::format("write `{}` in small letters", small);
    } else if (token.kind == Kind::comparison) {
      hint = "a condition is one comparison: a field, a sign and a value";
    }
    return wrong(token, "`and` or `or` is missing", hint);
  }
  Error wrong_value(const Token& sign) const {
    const bool doubled = next().kind == Kind::comparison && next().at == sign.at + sign.text.size();
    if (doubled) {
      return wrong(sign, text::format("`{}{}` is not a comparison", sign.text, next().text),
                   "use one of = != ~ !~ < <= > >=; `~` is for patterns with * and ?");
    }
    std::string hint = text::format("write what `{}` is compared with", name_);
    if (next().kind == Kind::conjunction || next().kind == Kind::disjunction) {
      hint += text::format("; a value `{}` needs quotes", next().text);
    }
    return wrong(next(), "a value is missing", hint);
  }

  Result<Condition> like(Field field, const Token& sign, const Token& value) const {
    if (!is_number(field)) return Condition{.comparison = {field, Like{value.text}}};
    return wrong(sign, text::format("`{}` is a number, and patterns match text", name_),
                 "compare it with = != < <= > or >=");
  }

  Result<Condition> equals(Field field, const Token& sign, const Token& value) const {
    if (sign.text.front() == '<' || sign.text.front() == '>') {
      return wrong(sign, text::format("`{}` has no order", name_),
                   text::format("`{}` compares ts, latency, status and seq", sign.text));
    }
    const bool wild = value.text.find_first_of("*?") != std::string::npos;
    if (wild && value.kind == Kind::word) {
      return wrong(value, text::format("`{}` does not match patterns", sign.text),
                   text::format("write `{}` for a pattern, or put the value into quotes",
                                sign.text.front() == '!' ? "!~" : "~"));
    }
    if (value.kind == Kind::word && value.text == "null") {
      return wrong(value, "`null` would be compared as a text",
                   sign.text.front() == '!'
                       ? text::format("write `{}` alone for records that have it", name_)
                       : text::format("write `not {}` for records without it", name_));
    }
    const auto known = closed_list(field);
    if (!known.empty() && std::ranges::find(known, value.text) == known.end()) {
      const auto suggestion = text::did_you_mean(value.text, known);
      return wrong(
          value, text::format("no record has the {} `{}`", name_, value.text),
          suggestion.empty() ? text::format("it is {}", text::alternatives(known)) : suggestion);
    }
    return Condition{.comparison = {field, Equals{value.text}}};
  }

  Result<Condition> number(Field field, const Token& sign, const Token& value) const {
    if (field == Field::status) {
      if (const auto all = status_class(value.text)) {
        return Condition{.comparison = {field, related(sign.text, *all)}};
      }
    }
    auto exact = value.text.size() <= kMostDigits ? parse_number<std::int64_t>(value.text)
                                                  : std::optional<std::int64_t>();
    if (name_ == "latency" && exact) {
      return wrong(value, text::format("`{}` has no unit", value.text),
                   text::format("write {0}ms, {0}us or {0}s", value.text));
    }
    if (field == Field::latency_us && !exact) {
      exact = microseconds(value.text);
      if (!exact) {
        return wrong(value, text::format("`{}` is not a duration", value.text),
                     "write a number with its unit, as in 200us, 50ms, 1.5s or 2m");
      }
    }
    if (!exact) {
      return wrong(value, text::format("`{}` is not a whole number", value.text),
                   field == Field::status ? "write it as 403, or a class as 4xx" : "");
    }
    return Condition{.comparison = {field, related(sign.text, {*exact, *exact})}};
  }

  Result<Condition> time(const Token& sign, const Token& value) const {
    const auto at = time::parse_instant(value.text, now_);
    if (!at) return wrong(value, at.error().message, at.error().hint);
    const std::int64_t seconds = at->time_since_epoch().count();
    return Condition{.comparison = {Field::ts, related(sign.text, {seconds, seconds})}};
  }

  std::string_view expression_;
  std::vector<Token> tokens_;
  Instant now_;
  std::size_t at_ = 0;
  unsigned depth_ = 0;
  std::string name_;  ///< of the field, as it was written
};

}  // namespace

Result<Condition> parse_condition(std::string_view expression, Instant now) {
  if (expression.size() > kLongest) {
    return Error{.code = Errc::usage,
                 .message = text::format("a filter has at most {} bytes, not {}", kLongest,
                                         expression.size()),
                 .problems = {{.message = "it is too long"}}};
  }
  if (!text::is_utf8(expression)) {
    return Error{.code = Errc::usage,
                 .message = "the filter is not UTF-8",
                 .problems = {{.message = "it is not UTF-8"}}};
  }
  TRY(auto tokens, scan(expression));
  return Parser(expression, std::move(tokens), now).whole();
}

}  // namespace mcpauth::audit::query
