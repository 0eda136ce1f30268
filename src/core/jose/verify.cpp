#include "core/jose/verify.hpp"

#include <algorithm>

#include "core/base/reason.hpp"
#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"
#include "core/jose/jwk_members.hpp"
#include "core/jose/report.hpp"

// A token is checked in two steps. `read` checks what the token says about itself. Only a token
// that passes costs a look at the keys, perhaps a fetch, and a signature check. The claims are
// checked in any case, so that every failure is in the report, but they are shown only when all is
// well.
namespace mcpauth::jose {
namespace {

using crypto::Algorithm;

/// A token on its way to a verdict.
struct Draft {
  Report report = blank_report();
  Jws jws = {};
  json::Value claims = {};
  Algorithm alg = Algorithm::es256;  ///< what the header names; the key decides whether it may
  bool named = false;                ///< the header has a kid
  bool sound = false;                ///< no check has failed so far, so the key is worth asking for
};

bool failed(const Report& report) {
  return report.first_failure() != nullptr;
}

void check_crit(Report& report, const json::Value& header) {
  if (header.find("b64") != nullptr) {
    return fail(report, Line::crit, reason::kUnencodedPayload,
                "the header has `b64`; unencoded payloads (RFC 7797) are refused");
  }
  if (const json::Value* crit = header.find("crit")) {
    return fail(
        report, Line::crit, reason::kUnknownCrit,
        text::format("crit is {}; no extension is understood", text::excerpt(json::write(*crit))));
  }
  pass(report, Line::crit);
}

void check_alg(Draft& draft, const Expectations& expect) {
  Report& report = draft.report;
  const json::Value* member = draft.jws.header.find("alg");
  if (member == nullptr) return fail(report, Line::alg, reason::kAlgNone, "there is no alg");
  const std::string_view named = draft.jws.alg();
  if (text::equal_ignoring_case(named, "none")) {
    return fail(report, Line::alg, reason::kAlgNone, "alg is " + quoted(named) + ": not signed");
  }
  const auto alg = crypto::algorithm_named(named);
  if (!alg) {
    const bool hmac = named.starts_with("HS");
    return fail(report, Line::alg, reason::kAlgUnsupported,
                text::excerpt(json::write(*member)) +
                    (hmac ? " is symmetric; never accepted" : " is not a supported alg"));
  }
  if (!expect.algs.empty() && std::ranges::find(expect.algs, *alg) == expect.algs.end()) {
    std::vector<std::string> wanted;
    for (const Algorithm one : expect.algs)
      wanted.push_back(quoted(name(one)));
    return fail(report, Line::alg, reason::kAlgNotAllowed,
                text::format("{}; expected {}", quoted(named), text::join(wanted, " or ")));
  }
  draft.alg = *alg;
  pass(report, Line::alg, std::string(named));
}

void check_kid(Draft& draft) {
  Report& report = draft.report;
  const json::Value& header = draft.jws.header;
  for (const std::string_view name : {"jwk", "jku", "x5u", "x5c"}) {
    if (header.find(name) != nullptr) {
      return fail(
          report, Line::kid, reason::kEmbeddedKey,
          text::format("the header brings its own key in `{}`; it is neither used nor fetched",
                       name));
    }
  }
  const json::Value* kid = header.find("kid");
  if (kid == nullptr) return;
  const std::string_view text = draft.jws.kid();
  if (kid->string() == nullptr || text.empty() || text.size() > kMaxKidBytes) {
    return fail(report, Line::kid, reason::kMalformed,
                kid->string() == nullptr ? "kid is not a string"
                : text.empty()           ? "kid is empty"
                                         : "kid is over 1 KB");
  }
  draft.named = true;
  report.kid = text;
}

std::string media_type(std::string_view typ) {
  constexpr std::string_view kPrefix = "application/";
  std::string lower = text::lowered(typ);
  // RFC 7515 section 4.1.9: the prefix may be left out where no other slash follows.
  if (lower.starts_with(kPrefix) && lower.find('/', kPrefix.size()) == std::string::npos) {
    lower.erase(0, kPrefix.size());
  }
  return lower;
}

void check_typ(Report& report, const Jws& jws, const Expectations& expect) {
  const json::Value* member = jws.header.find("typ");
  if (member != nullptr && member->string() == nullptr) {
    return fail(report, Line::typ, reason::kWrongType, "typ is not a string");
  }
  const std::string typ = media_type(jws.typ());
  bool good = false;
  if (expect.types.empty()) {
    if (expect.signature_only) return skip(report, Line::typ, "");
    // Not `application/jwt`: by RFC 7515 it means JWT, but nobody writes it.
    good = member == nullptr || typ == "at+jwt" || (typ == "jwt" && jws.typ().size() == 3);
  } else {
    good =
        member != nullptr && std::ranges::find(expect.types, typ, media_type) != expect.types.end();
  }
  const std::string found = member == nullptr ? "there is no typ" : quoted(jws.typ());
  if (good) return pass(report, Line::typ, found);
  std::vector<std::string> wanted;
  for (const auto& type : expect.types)
    wanted.push_back(quoted(type));
  fail(report, Line::typ, reason::kWrongType,
       text::format("{}; expected {}", found,
                    wanted.empty() ? "`at+jwt`, `JWT` or none" : text::join(wanted, " or ")));
}

/// Parses the payload of a JWT. Fails the `parse` line when it is not a JSON object.
void read_claims(Draft& draft) {
  auto claims = json::parse(text_of(draft.jws.payload));
  if (!claims) {
    return fail(draft.report, Line::parse, reason::kMalformed,
                "the payload is bad: " + claims.error().message);
  }
  if (claims->object() == nullptr) {
    return fail(draft.report, Line::parse, reason::kMalformed, "the payload is not a JSON object");
  }
  draft.claims = *std::move(claims);
}

Draft read(std::string_view token, const Expectations& expect) {
  Draft draft;
  auto jws = parse_jws(token);
  if (!jws) {
    fail(draft.report, Line::parse, jws.error().reason, jws.error().message);
    return draft;
  }
  draft.jws = *std::move(jws);
  const json::Value& header = draft.jws.header;
  pass(draft.report, Line::parse);
  if (header.find("enc") != nullptr || header.find("zip") != nullptr) {
    fail(draft.report, Line::parse, reason::kEncrypted,
         "the header has members of an encrypted token");
  }
  if (!expect.signature_only) read_claims(draft);
  check_crit(draft.report, header);
  check_alg(draft, expect);
  check_kid(draft);
  draft.sound = !failed(draft.report);
  return draft;
}

bool may_use(const Jwk& key, Algorithm alg) {
  return key.alg ? *key.alg == alg : crypto::fits(alg, key.key.type());
}

/// The keys that may have made the signature. Empty after the report says why there are none.
std::vector<const Jwk*> choose_keys(Draft& draft, const KeySet& keys) {
  Report& report = draft.report;
  std::vector<const Jwk*> fitting;
  bool known = false;
  for (const Jwk& key : keys.keys()) {
    // A key without a name may be the one: the signature tells (RFC 7517 section 4.5).
    if (draft.named && !key.kid.empty() && key.kid != report.kid) continue;
    known = true;
    if (may_use(key, draft.alg)) fitting.push_back(&key);
  }
  if (!draft.named && fitting.size() != 1) {
    report.verdict = Verdict::unverifiable;
    fail(report, Line::kid, reason::kMissingKid,
         text::format("there is no kid, and {} keys of the set fit; exactly 1 would do",
                      fitting.size()));
    return {};
  }
  if (!known) {
    report.verdict = Verdict::unverifiable;
    fail(report, Line::kid, reason::kUnknownKid,
         text::format("{} is not in the key set of {} keys", quoted(report.kid),
                      keys.keys().size()));
    return {};
  }
  pass(report, Line::kid, draft.named ? text::excerpt(report.kid) : "none; one key fits");
  if (fitting.empty()) {
    fail(report, Line::alg, reason::kAlgMismatch,
         text::format("{} is not what the key {} is for", quoted(draft.jws.alg()),
                      quoted(report.kid)));
  }
  return fitting;
}

void check_signature(Draft& draft, const KeySet& keys) {
  const auto candidates = choose_keys(draft, keys);
  if (candidates.empty()) return;
  std::string why = "the signature is not good";
  for (const Jwk* candidate : candidates) {
    const auto good =
        candidate->key.verify(draft.alg, bytes_of(draft.jws.signing_input), draft.jws.signature);
    if (good && *good) return pass(draft.report, Line::signature);
    if (!good) why = good.error().message;
  }
  fail(draft.report, Line::signature, reason::kBadSignature, std::move(why));
}

/// The verdict. The signature has been checked by now, if it could be.
Report finish(Draft draft, const Expectations& expect, Instant now) {
  Report& report = draft.report;
  if (!draft.jws.header.is_null()) check_typ(report, draft.jws, expect);
  if (!draft.claims.is_null()) check_claims(report, draft.claims, expect, now);
  const bool proven = draft.sound && line_of(report, Line::signature).outcome == Outcome::pass;
  if (report.verdict != Verdict::unverifiable) {
    report.verdict = proven && !failed(report) ? Verdict::valid : Verdict::invalid;
  }
  if (report.verdict == Verdict::valid) report.claims = std::move(draft.claims);
  report.header = std::move(draft.jws.header);
  return std::move(draft.report);
}

}  // namespace

Result<Report> verify(std::string_view token, KeySource& keys, const Expectations& expect,
                      Instant now) {
  Draft draft = read(token, expect);
  if (draft.sound) {
    TRY(auto set, keys.keys());
    if (draft.named && set->with_kid(draft.report.kid).empty()) {
      TRY(set, keys.keys_after_unknown(draft.report.kid));
    }
    check_signature(draft, *set);
  }
  return finish(std::move(draft), expect, now);
}

Report verify(std::string_view token, const KeySet& keys, const Expectations& expect, Instant now) {
  Draft draft = read(token, expect);
  if (draft.sound) check_signature(draft, keys);
  return finish(std::move(draft), expect, now);
}

}  // namespace mcpauth::jose
