#pragma once

#include "core/jose/verify.hpp"

// Private to core/jose: how the checks fill in the lines of a report.
namespace mcpauth::jose {

/// The lines of the check list, in their order.
enum class Line {
  parse,
  crit,
  alg,
  kid,
  signature,
  typ,
  iss,
  aud,
  exp,
  nbf,
  iat,
  org,
  required,
  scope,
};

/// A report in which every line is still `skip`.
Report blank_report();
Check& line_of(Report& report, Line line);

void pass(Report& report, Line line, std::string detail = {});
void fail(Report& report, Line line, std::string_view reason, std::string detail);
/// Says why a check was left out.
void skip(Report& report, Line line, std::string detail);

/// Text from outside for a detail: in backquotes, and cut when it is long (text::excerpt).
std::string quoted(std::string_view from_outside);

/// Fills in the lines from iss to scope, and adds one named cnf when the token is bound to a key.
/// In claims.cpp.
void check_claims(Report& report, const json::Value& claims, const Expectations& expect,
                  Instant now);

}  // namespace mcpauth::jose
