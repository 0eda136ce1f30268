#include <chrono>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/audit/log/record.hpp"
#include "core/audit/query/filter.hpp"
#include "core/codec/json.hpp"
#include "core/codec/time.hpp"

// Random filters on random records: what Filter::matches says of a line is what a plain reading of
// the filter says of the line's JSON.
namespace mcpauth::audit::query {
namespace {

constexpr Instant kNow{std::chrono::seconds(1'800'000'000)};

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  unsigned below(unsigned limit) { return static_cast<unsigned>(engine_() % limit); }
  bool one_in(unsigned n) { return below(n) == 0; }
  std::string pick(const std::vector<std::string>& from) {
    return from[below(static_cast<unsigned>(from.size()))];
  }

 private:
  std::mt19937 engine_;
};

/// Few, so that they meet; some that JSON escapes, and one that looks like a member.
const std::vector<std::string> kTexts = {
    "a", "ab", "aba", "b/a", "a\"b", "a\\",  "é",       "null",
    "",  "[]", "\n",  "x y", "and",  "\x01", "a\u2028", "\",\"sub\":\"a"};
const std::vector<std::string> kPatterns = {"*",  "a*", "*a",  "?",   "??", "a?*", "*\"*",
                                            "é*", "*é", "*b*", "a*a", "",   "a",   "*\\"};
const std::vector<std::string> kFields = {"id",   "request_id", "event",  "org_id", "sub",   "idp",
                                          "tool", "client_id",  "server", "jti",    "reason"};

/// The values that a record has for a field: none for null, several for scopes.
using Values = std::vector<json::Value>;
Values values_of(const json::Value& record, const std::string& field) {
  const auto* value = record.find(field);
  REQUIRE(value != nullptr);
  if (const auto* list = value->array()) return {list->begin(), list->end()};
  return value->is_null() ? Values{} : Values{*value};
}

std::size_t length_of_first(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
    ++length;
  return length;
}

bool like(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    return like(pattern.substr(1), text) ||
           (!text.empty() && like(pattern, text.substr(length_of_first(text))));
  }
  if (text.empty()) return false;
  if (pattern.front() == '?') return like(pattern.substr(1), text.substr(length_of_first(text)));
  return pattern.front() == text.front() && like(pattern.substr(1), text.substr(1));
}

template <class T>
bool stands(const std::string& sign, const T& a, const T& b) {
  if (sign == "<") return a < b;
  if (sign == "<=") return a <= b;
  if (sign == ">") return a > b;
  if (sign == ">=") return a >= b;
  return a == b;
}

/// A filter as text and as what it means.
struct Meant {
  std::string text;
  std::function<bool(const json::Value&)> holds;
};

std::string quoted(Dice& dice, const std::string& value) {
  const bool word = !value.empty() && value.find_first_not_of("ab/") == std::string::npos;
  if (word && dice.one_in(2)) return value;
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

/// Any of the values passes; with a sign that begins with `!`, none does.
Meant any_value(const std::string& name, const std::string& field, const std::string& sign,
                const std::string& value, std::function<bool(const json::Value&)> passes) {
  const bool negated = sign.starts_with('!');
  return {name + sign + value, [=](const json::Value& record) {
            bool any = false;
            for (const auto& one : values_of(record, field))
              any = any || passes(one);
            return any != negated;
          }};
}

Meant text_test(Dice& dice) {
  const bool list = dice.one_in(4);
  const std::string field = list ? "scopes" : dice.pick(kFields);
  const std::string name = list ? dice.pick({"scope", "scopes"}) : field;
  if (dice.one_in(2)) {
    const auto value = dice.pick(kTexts);
    return any_value(name, field, dice.pick({"=", "==", "!="}), quoted(dice, value),
                     [value](const json::Value& one) { return *one.string() == value; });
  }
  const auto pattern = dice.pick(kPatterns);
  return any_value(name, field, dice.pick({"~", "!~"}), quoted(dice, pattern),
                   [pattern](const json::Value& one) { return like(pattern, *one.string()); });
}

Meant number_test(Dice& dice) {
  const auto sign = dice.pick({"=", "!=", "<", "<=", ">", ">="});
  const std::int64_t number = dice.below(6);
  const auto compared = [sign](std::int64_t bound, std::int64_t scale) {
    return [=](const json::Value& one) { return stands(sign, *one.integer() / scale, bound); };
  };
  const auto digits = std::to_string(number);
  switch (dice.below(5)) {
    case 0:
      return any_value("seq", "seq", sign, digits, compared(number, 1));
    case 1:
      return any_value("status", "status", sign, std::to_string(200 + number),
                       compared(200 + number, 1));
    case 2:
      return any_value("status", "status", sign, std::to_string(number + 1) + "xx",
                       compared(number + 1, 100));
    case 3:
      return any_value("latency", "latency_us", sign, "0.00" + digits + "ms", compared(number, 1));
    default:
      return any_value("latency", "latency_us", sign, digits + "us", compared(number, 1));
  }
}

Meant time_test(Dice& dice) {
  const auto sign = dice.pick({"=", "!=", "<", "<=", ">", ">="});
  const Instant bound = kNow - std::chrono::seconds(dice.below(6));
  return any_value("ts", "ts", sign, time::format_instant(bound), [=](const json::Value& one) {
    return stands(sign, *time::parse_instant(*one.string(), kNow), bound);
  });
}

Meant presence(Dice& dice) {
  const auto field = dice.pick({"scopes", "status", "latency_us", "tool", "seq", "jti"});
  return {field, [field](const json::Value& record) { return !values_of(record, field).empty(); }};
}

Meant filter(Dice& dice, unsigned depth) {
  if (depth == 0 || dice.one_in(4)) {
    const unsigned kind = dice.below(8);
    return kind < 4   ? text_test(dice)
           : kind < 6 ? number_test(dice)
           : kind < 7 ? time_test(dice)
                      : presence(dice);
  }
  const auto a = filter(dice, depth - 1);
  if (dice.one_in(4)) {
    return {dice.pick({"not (", "!("}) + a.text + ")",
            [a](const json::Value& record) { return !a.holds(record); }};
  }
  const auto b = filter(dice, depth - 1);
  if (dice.one_in(2)) {
    return {"(" + a.text + dice.pick({" or ", "||"}) + b.text + ")",
            [a, b](const json::Value& record) { return a.holds(record) || b.holds(record); }};
  }
  return {"(" + a.text + dice.pick({" and ", "&&"}) + b.text + ")",
          [a, b](const json::Value& record) { return a.holds(record) && b.holds(record); }};
}

std::string maybe(Dice& dice) {
  return dice.one_in(3) ? std::string() : dice.pick(kTexts);
}

std::string random_line(Dice& dice) {
  audit::Record record{.id = maybe(dice), .request_id = maybe(dice), .event = maybe(dice)};
  record.phase = dice.one_in(2) ? audit::Phase::intent : audit::Phase::outcome;
  for (auto* text : {&record.org_id, &record.sub, &record.idp, &record.client_id, &record.server,
                     &record.tool, &record.jti})
    *text = maybe(dice);
  const std::string reason = maybe(dice);
  record.reason = reason;
  for (unsigned i = dice.below(4); i > 0; --i) {
    auto scope = dice.pick(kTexts);
    if (!scope.empty()) record.scopes.push_back(std::move(scope));
  }
  if (!dice.one_in(3)) record.status = static_cast<int>(100 * dice.below(7) + dice.below(6));
  if (!dice.one_in(3)) record.latency = std::chrono::microseconds(dice.below(6));
  return audit::to_line(record, dice.below(6), kNow - std::chrono::seconds(dice.below(6)));
}

}  // namespace

TEST_CASE("audit/query/filter: random filters mean what a plain reading of them says") {
  Dice dice(20270115);
  std::vector<std::string> lines;
  for (int i = 0; i < 200; ++i)
    lines.push_back(random_line(dice));
  unsigned yes = 0;
  for (int i = 0; i < 3000; ++i) {
    const Meant meant = filter(dice, dice.below(4));
    CAPTURE(meant.text);
    const auto parsed = Filter::parse(meant.text, kNow);
    REQUIRE_MESSAGE(parsed, (parsed ? "" : parsed.error().message));
    for (int j = 0; j < 10; ++j) {
      const auto& line = lines[dice.below(static_cast<unsigned>(lines.size()))];
      const auto view = audit::LineView::of(line);
      const auto record = json::parse(line);
      REQUIRE(view);
      REQUIRE(record);
      const bool expected = meant.holds(*record);
      const bool matches = parsed->matches(*view);
      if (matches != expected || (matches && !parsed->could_match(line))) {
        CAPTURE(line);
        CHECK(matches == expected);
        CHECK(parsed->could_match(line));
      }
      yes += expected ? 1 : 0;
    }
  }
  CHECK(yes > 3000);
  CHECK(yes < 27'000);
}

}  // namespace mcpauth::audit::query
