#include "core/base/error.hpp"

#include "core/base/panic.hpp"

namespace mcpauth {

std::string_view name(Errc code) {
  switch (code) {
    case Errc::usage:
      return "usage";
    case Errc::config:
      return "config";
    case Errc::input:
      return "input";
    case Errc::not_found:
      return "not-found";
    case Errc::exists:
      return "exists";
    case Errc::denied:
      return "denied";
    case Errc::unverifiable:
      return "unverifiable";
    case Errc::interrupted:
      return "interrupted";
    case Errc::needs_person:
      return "needs-person";
    case Errc::io:
      return "io";
    case Errc::network:
      return "network";
    case Errc::timeout:
      return "timeout";
    case Errc::crypto:
      return "crypto";
  }
  panic("an Errc without a name");
}

std::string Problem::text() const {
  std::string out = file;
  if (line != 0) out += ":" + std::to_string(line);
  if (line != 0 && column != 0) out += ":" + std::to_string(column);
  if (!out.empty()) out += ": ";
  return out + message;
}

Error error_from(Errc code, std::vector<Problem> problems) {
  if (problems.empty()) panic("error_from needs a problem");
  Error error{.code = code, .message = problems.front().text()};
  error.hint = problems.front().hint;
  if (problems.size() > 1) {
    error.message += " (and " + std::to_string(problems.size() - 1) + " more)";
  }
  error.problems = std::move(problems);
  return error;
}

}  // namespace mcpauth
