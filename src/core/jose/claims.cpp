#include <algorithm>
#include <cmath>

#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"
#include "core/jose/report.hpp"

namespace mcpauth::jose {
namespace {

constexpr double kEndOfTime = 253402300800;  // the year 10000

/// Each word as `quoted` gives it.
std::string listed(const std::vector<std::string>& words) {
  std::vector<std::string> out;
  for (const auto& word : words)
    out.push_back(quoted(word));
  return text::join(out, ", ");
}

/// The strings of a claim that is one string or a list of them; nothing for anything else.
std::optional<std::vector<std::string_view>> strings_of(const json::Value& claim) {
  std::vector<std::string_view> strings;
  if (const auto* text = claim.string()) {
    strings.emplace_back(*text);
    return strings;
  }
  const json::Array* list = claim.array();
  if (list == nullptr) return std::nullopt;
  for (const json::Value& item : *list) {
    if (item.string() == nullptr) return std::nullopt;
    strings.emplace_back(*item.string());
  }
  return strings;
}

bool contains(const auto& list, std::string_view wanted) {
  return std::ranges::find(list, wanted) != list.end();
}

void check_iss(Report& report, const json::Value& claims, const Expectations& expect) {
  const json::Value* iss = claims.find("iss");
  if (iss != nullptr && iss->string() == nullptr) {
    return fail(report, Line::iss, reason::kBadClaim, "iss is not a string");
  }
  if (expect.issuers.empty()) {
    return skip(report, Line::iss, iss == nullptr ? "" : text::excerpt(*iss->string()));
  }
  if (iss == nullptr) {
    return fail(report, Line::iss, reason::kWrongIssuer,
                "there is no iss; expected " + listed(expect.issuers));
  }
  if (contains(expect.issuers, *iss->string())) {
    return pass(report, Line::iss, text::excerpt(*iss->string()));
  }
  fail(report, Line::iss, reason::kWrongIssuer,
       quoted(*iss->string()) + "; expected " + listed(expect.issuers));
}

void check_aud(Report& report, const json::Value& claims, const Expectations& expect) {
  const json::Value* aud = claims.find("aud");
  const auto found = aud == nullptr ? std::vector<std::string_view>() : strings_of(*aud);
  if (!found || (aud != nullptr && found->empty())) {
    return fail(report, Line::aud, reason::kBadClaim,
                "aud is neither a string nor a list of at least one string");
  }
  if (expect.audiences.empty()) return skip(report, Line::aud, "");
  for (const auto& wanted : expect.audiences) {
    if (contains(*found, wanted)) return pass(report, Line::aud, text::excerpt(wanted));
  }
  fail(report, Line::aud, reason::kWrongAudience,
       (aud == nullptr ? "there is no aud" : text::excerpt(json::write(*aud))) + "; expected " +
           listed(expect.audiences));
}

/// A claim that is a point in time (NumericDate, RFC 7519 section 2).
struct Date {
  bool present = false;
  bool good = false;
  double seconds = 0;
  std::string text = {};
};

Date date_of(const json::Value& claims, std::string_view name) {
  const json::Value* claim = claims.find(name);
  if (claim == nullptr) return {};
  const auto number = claim->number();
  const bool good = number && std::isfinite(*number) && *number >= 0 && *number < kEndOfTime;
  return {.present = true,
          .good = good,
          .seconds = good ? *number : 0,
          .text = text::excerpt(json::write(*claim))};
}

/// Whether the token has a valid date. An invalid one fails the line.
bool usable(Report& report, Line line, std::string_view name, const Date& date) {
  if (date.present && !date.good) {
    fail(report, line, reason::kBadClaim,
         text::format("{} is {}, not a time in seconds from 1970 to 9999", name, date.text));
  }
  return date.good;
}

std::string now_is(double now) {
  return text::format("; now is {}", static_cast<std::int64_t>(now));
}

void check_times(Report& report, const json::Value& claims, const Expectations& expect,
                 double now) {
  const auto leeway = static_cast<double>(expect.leeway.count());
  const Date exp = date_of(claims, "exp");
  if (!exp.present) {
    fail(report, Line::exp, reason::kMissingExpiry, "there is no exp");
  } else if (usable(report, Line::exp, "exp", exp)) {
    if (exp.seconds <= now - leeway) {
      fail(report, Line::exp, reason::kExpired, exp.text + now_is(now));
    } else {
      pass(report, Line::exp, exp.text);
    }
  }
  const Date nbf = date_of(claims, "nbf");
  if (usable(report, Line::nbf, "nbf", nbf)) {
    if (nbf.seconds > now + leeway) {
      fail(report, Line::nbf, reason::kNotYetValid, nbf.text + now_is(now));
    } else {
      pass(report, Line::nbf, nbf.text);
    }
  }
}

void check_iat(Report& report, const json::Value& claims, const Expectations& expect, double now) {
  const auto leeway = static_cast<double>(expect.leeway.count());
  const Date iat = date_of(claims, "iat");
  if (!iat.present && expect.max_age) {
    return fail(report, Line::iat, reason::kMissingClaim, "there is no iat to tell the age by");
  }
  if (!usable(report, Line::iat, "iat", iat)) return;
  if (iat.seconds > now + leeway) {
    return fail(report, Line::iat, reason::kIssuedInFuture, iat.text + now_is(now));
  }
  if (expect.max_age && now - iat.seconds > static_cast<double>(expect.max_age->count()) + leeway) {
    return fail(report, Line::iat, reason::kTooOld,
                text::format("{}{}; at most {} s old is wanted", iat.text, now_is(now),
                             expect.max_age->count()));
  }
  pass(report, Line::iat, iat.text);
}

void check_org(Report& report, const json::Value& claims, const Expectations& expect) {
  const json::Value* org = claims.find("org_id");
  if (org != nullptr && org->string() == nullptr) {
    return fail(report, Line::org, reason::kBadClaim, "org_id is not a string");
  }
  const std::string found = org == nullptr ? "" : *org->string();
  if (expect.org.empty()) return skip(report, Line::org, text::excerpt(found));
  if (org != nullptr && found == expect.org) return pass(report, Line::org, text::excerpt(found));
  fail(
      report, Line::org, reason::kWrongOrg,
      (org == nullptr ? "there is no org_id" : quoted(found)) + "; expected " + quoted(expect.org));
}

/// Whether one of the claim's strings is the value, or, for another type, its JSON text is.
bool has_value(const json::Value& claim, std::string_view wanted) {
  if (const auto strings = strings_of(claim)) return contains(*strings, wanted);
  return json::write(claim) == wanted;
}

void check_required(Report& report, const json::Value& claims, const Expectations& expect) {
  for (const std::string_view name : {"sub", "jti", "client_id"}) {
    const json::Value* claim = claims.find(name);
    if (claim != nullptr && claim->string() == nullptr) {
      return fail(report, Line::required, reason::kBadClaim,
                  text::format("{} is not a string", name));
    }
  }
  std::vector<std::string> missing;
  for (const auto& [name, value] : expect.required) {
    const json::Value* claim = name.starts_with('/') ? claims.at_pointer(name) : claims.find(name);
    const bool there = claim != nullptr && !claim->is_null();
    if (there && (!value || has_value(*claim, *value))) continue;
    missing.push_back(value ? text::format("{}={}", name, *value) : name);
  }
  if (!missing.empty()) {
    return fail(report, Line::required, reason::kMissingClaim, "not there: " + listed(missing));
  }
  if (!expect.required.empty()) pass(report, Line::required);
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> list;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    if (!word.empty()) list.push_back(word);
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return list;
}

}  // namespace

std::optional<std::vector<std::string_view>> scopes_of(const json::Value& claims) {
  // RFC 8693 section 4.2 makes it one string, but some issuers write a list.
  const json::Value* scope = claims.find("scope");
  if (scope == nullptr) return std::vector<std::string_view>();
  if (scope->string() != nullptr) return words(*scope->string());
  return strings_of(*scope);
}

namespace {

void check_scope(Report& report, const json::Value& claims, const Expectations& expect) {
  const json::Value* scope = claims.find("scope");
  const auto held = scopes_of(claims);
  if (!held) {
    return fail(report, Line::scope, reason::kBadClaim,
                "scope is neither a string nor a list of strings");
  }
  if (expect.scopes.empty()) return;
  std::vector<std::string> missing;
  for (const auto& wanted : expect.scopes) {
    if (!contains(*held, wanted)) missing.push_back(wanted);
  }
  if (missing.empty()) return pass(report, Line::scope, listed(expect.scopes));
  fail(report, Line::scope, reason::kMissingScope,
       text::format("not held: {}; the token has {}", listed(missing),
                    scope == nullptr ? "no scope" : text::excerpt(json::write(*scope))));
}

/// `cnf` binds the token to a key (RFC 7800, RFC 8705, RFC 9449). Only a proof that comes with the
/// request can show that the sender has the key, so this is never more than a note.
void check_confirmation(Report& report, const json::Value& claims) {
  if (claims.find("cnf") == nullptr) return;
  report.checks.push_back(
      {.name = "cnf", .detail = "bound to a key: possession was not proved here"});
}

}  // namespace

void check_claims(Report& report, const json::Value& claims, const Expectations& expect,
                  Instant now) {
  const auto seconds = static_cast<double>(now.time_since_epoch().count());
  check_iss(report, claims, expect);
  check_aud(report, claims, expect);
  check_times(report, claims, expect, seconds);
  check_iat(report, claims, expect, seconds);
  check_org(report, claims, expect);
  check_required(report, claims, expect);
  check_scope(report, claims, expect);
  check_confirmation(report, claims);
}

}  // namespace mcpauth::jose
