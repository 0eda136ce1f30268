#include "core/jose/report.hpp"

#include <algorithm>
#include <array>

#include "core/base/panic.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::jose {
namespace {

constexpr std::array<std::string_view, 14> kLineNames = {
    "parse", "crit", "alg", "kid", "signature", "typ",      "iss",
    "aud",   "exp",  "nbf", "iat", "org",       "required", "scope"};

}  // namespace

Check& line_of(Report& report, Line line) {
  return report.checks[static_cast<std::size_t>(line)];
}

Report blank_report() {
  Report report;
  report.checks.reserve(kLineNames.size());
  for (const auto name : kLineNames)
    report.checks.push_back({.name = name});
  return report;
}

void pass(Report& report, Line line, std::string detail) {
  Check& check = line_of(report, line);
  check.outcome = Outcome::pass;
  check.detail = std::move(detail);
}

void fail(Report& report, Line line, std::string_view reason, std::string detail) {
  Check& check = line_of(report, line);
  check.outcome = Outcome::fail;
  check.reason = reason;
  check.detail = std::move(detail);
}

void skip(Report& report, Line line, std::string detail) {
  line_of(report, line).detail = std::move(detail);
}

std::string quoted(std::string_view from_outside) {
  return text::quoted(text::excerpt(from_outside));
}

std::string_view name(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "pass";
    case Outcome::fail:
      return "fail";
    case Outcome::skip:
      return "skip";
  }
  panic("an Outcome without a name");
}

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::valid:
      return "valid";
    case Verdict::invalid:
      return "invalid";
    case Verdict::unverifiable:
      return "unverifiable";
  }
  panic("a Verdict without a name");
}

const Check* Report::first_failure() const {
  const auto at = std::ranges::find(checks, Outcome::fail, &Check::outcome);
  return at == checks.end() ? nullptr : &*at;
}

}  // namespace mcpauth::jose
