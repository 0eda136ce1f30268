#include "core/identity/directory.hpp"

#include <algorithm>
#include <utility>

#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"
#include "core/identity/claims.hpp"
#include "core/identity/issuer_keys.hpp"

namespace mcpauth::identity {

struct Directory::State {
  struct Idp {
    Settings settings;
    std::unique_ptr<jose::KeySource> keys;
  };
  std::vector<Idp> idps;
  const Clock& clock;

  Result<const Idp*> choose(const json::Value& claims) const;
  Error unknown(std::string_view issuer) const;
};

namespace {

Error as_denial(Error error) {
  error.code = Errc::denied;
  return error;
}

// The claims before they are verified: only to choose the IdP.
Result<json::Value> claimed(std::string_view token) {
  auto jws = jose::parse_jws(token);
  if (!jws) return as_denial(std::move(jws).error());
  auto claims = json::parse(text_of(jws->payload));
  if (!claims || claims->object() == nullptr) {
    return refused(reason::kMalformed, "the token's payload is not a JSON object");
  }
  return *std::move(claims);
}

bool accepts(const Settings& idp, const std::vector<std::string>& audiences) {
  return std::ranges::any_of(audiences, [&](const std::string& each) {
    return std::ranges::find(idp.audience, each) != idp.audience.end();
  });
}

std::string names(const auto& idps) {
  std::vector<std::string> quoted;
  for (const auto* idp : idps)
    quoted.push_back(text::quoted(idp->settings.name));
  return text::join(quoted, ", ");
}

// All failed checks in one line, so that a person can fix them together.
std::string failures(const jose::Report& report) {
  std::vector<std::string> failed;
  for (const auto& check : report.checks) {
    if (check.outcome != jose::Outcome::fail) continue;
    const std::string_view detail = check.detail;
    failed.push_back(
        text::format("{}: {}", check.name, detail.empty() ? meaning(check.reason) : detail));
  }
  return text::join(failed, "; ");
}

Error bad_token(const jose::Report& report, const Settings& idp) {
  const auto* failure = report.first_failure();
  const bool unverifiable = report.verdict == jose::Verdict::unverifiable;
  Error error{.code = unverifiable ? Errc::unverifiable : Errc::denied};
  error.reason = failure != nullptr ? failure->reason : reason::kUnknownKid;
  error.message = text::format("IdP `{}`: {}", idp.name, meaning(error.reason));
  error.why = failures(report);
  if (error.reason == reason::kUnknownKid) {
    error.hint = "the IdP publishes no key with this `kid`; get a new token and try again";
  } else if (error.reason == reason::kWrongAudience) {
    error.hint = text::format("ask the IdP for a token for `{}`", idp.audience.front());
  } else if (error.reason == reason::kExpired) {
    error.hint = "get a new token from the IdP";
  }
  return error;
}

Error no_keys(Error error, const Settings& idp) {
  const bool unreachable = error.code == Errc::network || error.code == Errc::timeout;
  if (unreachable || error.code == Errc::io) {
    error.code = Errc::network;
    if (error.reason.empty()) error.reason = reason::kIdpUnreachable;
    if (error.hint.empty())
      error.hint = text::format("try again; `{}` must be reachable", idp.issuer);
  } else {
    error.code = Errc::input;
    if (error.reason.empty()) error.reason = reason::kKeySetUnusable;
  }
  return std::move(error).context(text::format("keys of IdP `{}`", idp.name));
}

// `verify` has checked it already. Here it becomes a whole number of seconds.
Result<Instant> expiry_of(const json::Value& claims) {
  const auto* value = claims.find("exp");
  const auto seconds = value == nullptr ? std::nullopt : value->number();
  if (!seconds) return refused(reason::kMissingExpiry, "the token never expires (no exp)");
  constexpr double kLatest = 253'402'300'799;  // the last second of year 9999
  if (*seconds < 0 || *seconds > kLatest) {
    return refused(reason::kBadClaim, "claim `exp` is not a time");
  }
  return Instant(std::chrono::seconds(static_cast<std::int64_t>(*seconds)));
}

}  // namespace

// Chooses by issuer and, where several IdPs have the same one, by audience, which only one of them
// may accept. A token that fails there is not tried with another IdP.
Result<const Directory::State::Idp*> Directory::State::choose(const json::Value& claims) const {
  const auto* issuer = claims.find("iss");
  if (issuer == nullptr || issuer->string() == nullptr) {
    return refused(reason::kUnknownIdp, "the token does not say who issued it (iss)");
  }
  std::vector<const Idp*> of_issuer;
  for (const auto& idp : idps)
    if (idp.settings.issuer == *issuer->string()) of_issuer.push_back(&idp);
  if (of_issuer.empty()) return unknown(*issuer->string());
  if (of_issuer.size() == 1) return of_issuer.front();
  TRY(const auto audiences, list_claim(claims, "aud"));
  std::vector<const Idp*> chosen;
  for (const auto* idp : of_issuer)
    if (accepts(idp->settings, audiences)) chosen.push_back(idp);
  if (chosen.size() == 1) return chosen.front();
  if (chosen.empty()) {
    return refused(
        reason::kWrongAudience,
        text::format("the token is for none of the IdPs {} of its issuer", names(of_issuer)),
        "ask the IdP for a token with the audience of the one that it belongs to");
  }
  return refused(reason::kAmbiguousIdp,
                 text::format("the token's audiences fit more than one IdP: {}", names(chosen)),
                 "ask the IdP for a token with one audience");
}

Error Directory::State::unknown(std::string_view issuer) const {
  std::vector<std::string_view> known;
  for (const auto& idp : idps) {
    if (std::ranges::find(known, idp.settings.issuer) != known.end()) continue;
    known.emplace_back(idp.settings.issuer);
  }
  const auto meant = text::did_you_mean(issuer, known);
  return refused(reason::kUnknownIdp, text::format("no IdP is configured for issuer `{}`", issuer),
                 known.empty() ? "add an [[idp]] to mcpauth.toml"
                               : text::format("{}{}the configured issuers are {}", meant,
                                              meant.empty() ? "" : " ", text::join(known, ", ")));
}

Directory::Directory(std::vector<Settings> idps, http::Client& http, const Clock& clock)
    : state_(new State{.idps = {}, .clock = clock}) {
  for (auto& idp : idps) {
    auto keys = keys_of(idp, http, clock);
    state_->idps.push_back({std::move(idp), std::move(keys)});
  }
}

Directory::Directory(Directory&&) noexcept = default;
Directory::~Directory() = default;

Result<Identified> Directory::identify(std::string_view token) const {
  TRY(const auto claims, claimed(token));
  TRY(const auto* found, state_->choose(claims));
  const auto& idp = found->settings;
  const jose::Expectations expect{.audiences = idp.audience, .issuers = {idp.issuer}};
  if (expect.audiences.empty()) {
    return refused(reason::kWrongAudience,
                   text::format("IdP `{}` has no audience configured", idp.name),
                   "set audience in its [[idp]]");
  }
  auto report = jose::verify(token, *found->keys, expect, state_->clock.now());
  if (!report) return no_keys(std::move(report).error(), idp);
  if (report->verdict != jose::Verdict::valid) return bad_token(*report, idp);
  TRY(auto principal, to_principal(report->claims, idp));
  TRY(const auto expires, expiry_of(report->claims));
  TRY(const auto jti, text_claim(report->claims, "jti"));
  return Identified{.principal = std::move(principal),
                    .claims = std::move(report->claims),
                    .expires = expires,
                    .jti = jti.value_or("")};
}

}  // namespace mcpauth::identity
