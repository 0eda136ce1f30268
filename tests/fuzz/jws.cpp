#include <cstdint>
#include <cstdlib>

#include "core/jose/verify.hpp"

// Tokens against a fixed set of three keys, from RFC 7515 A.2 and A.3 and RFC 8037 A.1, at a time
// when the tokens of RFC 7515 are valid.
namespace {

using namespace mcpauth;

constexpr std::string_view kKeys =
    R"({"keys":[
{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
 "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"ed"},
{"kty":"RSA","e":"AQAB","kid":"rsa","n":")"
    R"(ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0B)"
    R"(m4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5)"
    R"(z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7)"
    R"(aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}]})";

void judge(std::string_view token, const jose::KeySet& keys, const jose::Expectations& expect) {
  const Instant now{std::chrono::seconds(1300819000)};
  const auto report = jose::verify(token, keys, expect, now);
  if (report.checks.size() != 14) std::abort();
  const bool valid = report.verdict == jose::Verdict::valid;
  if (valid != (report.first_failure() == nullptr)) std::abort();
  if (!valid && !report.claims.is_null()) std::abort();
  const auto* failure = report.first_failure();
  if (failure != nullptr && (failure->reason.empty() || failure->detail.empty())) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto keys = jose::KeySet::parse(kKeys).value();
  const auto token = text_of({data, size});
  judge(token, keys, {});
  judge(token, keys, {.signature_only = true});
  judge(token, keys,
        {.audiences = {"a"},
         .issuers = {"joe"},
         .types = {"at+jwt"},
         .max_age = std::chrono::seconds(60),
         .org = "acme",
         .scopes = {"a:b"},
         .required = {{"/a/b", "c"}}});
  return 0;
}
