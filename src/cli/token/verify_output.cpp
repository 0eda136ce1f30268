#include "cli/token/verify_output.hpp"

#include <algorithm>
#include <ostream>
#include <string>

#include "cli/frame/output.hpp"
#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/number.hpp"
#include "core/codec/style.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::cli {
namespace {

using jose::Check;
using jose::Outcome;
using jose::Report;
using jose::Verdict;

std::string mark(Outcome outcome, const Env& env) {
  if (!env.out_is_terminal) return std::string(name(outcome));
  const std::string_view sign = outcome == Outcome::pass   ? "✓"
                                : outcome == Outcome::fail ? "✗"
                                                           : "-";
  const auto style = outcome == Outcome::pass   ? text::Style::green
                     : outcome == Outcome::fail ? text::Style::bold_red
                                                : text::Style::dim;
  return text::styled(sign, style, env.color_out);
}

/// Adds the date to a time in seconds: nobody can read 1795388826.
std::string with_date(const Check& check, const Env& env) {
  std::string detail = for_reader(check.detail);
  if (check.name != "exp" && check.name != "nbf" && check.name != "iat") return detail;
  const auto digits = detail.substr(0, detail.find_first_not_of("0123456789"));
  const auto seconds = parse_number<std::int64_t>(digits);
  constexpr std::int64_t kYear9999 = 253'402'300'799;
  if (!seconds || *seconds > kYear9999) return detail;
  const Instant instant{std::chrono::seconds(*seconds)};
  return text::format("{} ({}, {}){}", digits, time::format_instant(instant),
                      time::relative(instant, env.now()), detail.substr(digits.size()));
}

void print_check(const Check& check, std::size_t width, Env& env) {
  std::string line = mark(check.outcome, env) + "  " + text::padded(check.name, width);
  if (check.outcome == Outcome::fail) line.append("  ").append(check.reason).append(":");
  const std::string detail = check.detail.empty() && check.outcome == Outcome::fail
                                 ? std::string(mcpauth::meaning(check.reason))
                                 : with_date(check, env);
  if (!detail.empty()) line.append(check.outcome == Outcome::fail ? " " : "  ").append(detail);
  env.out << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
}

/// Every line is escaped for the terminal, as strings may hold anything.
void print_value(const json::Value& value, const std::string& indent, Env& env) {
  const std::string pretty = json::write_pretty(value);
  for (const auto line : text::split(pretty, '\n')) {
    env.out << indent << text::printable(line) << '\n';
  }
}

void print_text(const Report& report, Env& env) {
  std::size_t width = 0;
  for (const auto& check : report.checks)
    width = std::max(width, check.name.size());
  for (const auto& check : report.checks)
    print_check(check, width, env);
  const auto failed = std::ranges::count(report.checks, Outcome::fail, &Check::outcome);
  switch (report.verdict) {
    case Verdict::valid:
      env.out << "valid\n";
      if (!report.claims.is_null()) print_value(report.claims, "  ", env);
      return;
    case Verdict::invalid:
      env.out << "invalid: " << failed << (failed == 1 ? " check fails\n" : " checks fail\n");
      return;
    case Verdict::unverifiable:
      env.out << "cannot be verified: the key that signed it is not among those given\n";
      return;
  }
}

json::Value check_json(const Check& check) {
  json::Object object{{"name", check.name}, {"outcome", name(check.outcome)}};
  if (!check.reason.empty()) object.set("reason", check.reason);
  if (!check.detail.empty()) object.set("detail", text::shortened(check.detail));
  return object;
}

json::Value document(const Report& report) {
  json::Array checks;
  for (const auto& check : report.checks)
    checks.push_back(check_json(check));
  json::Object object{{"schema", "mcpauth.verify/1"},
                      {"verdict", name(report.verdict)},
                      {"valid", report.verdict == Verdict::valid}};
  if (const auto* failure = report.first_failure()) object.set("reason", failure->reason);
  object.set("checks", std::move(checks));
  if (!report.kid.empty()) object.set("kid", report.kid);
  if (!report.header.is_null()) object.set("header", report.header);
  if (!report.claims.is_null()) object.set("claims", report.claims);
  return object;
}

}  // namespace

Exit exit_for(Verdict verdict) {
  switch (verdict) {
    case Verdict::valid:
      return Exit::ok;
    case Verdict::invalid:
      return Exit::no;
    case Verdict::unverifiable:
      return Exit::unverifiable;
  }
  return Exit::failure;
}

void print_report(const Report& report, Env& env) {
  if (env.globals.json) return print_json(env, document(report));
  print_text(report, env);
}

}  // namespace mcpauth::cli
