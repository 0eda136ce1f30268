// Wycheproof's JsonWebSignature vectors (json_web_signature_test.json) against jose::verify. Every
// case must end as the set says, except the valid ones listed here, which we refuse, each for the
// reason beside it. A list that no longer agrees with what happens fails the run.

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "core/base/file.hpp"
#include "core/base/reason.hpp"
#include "core/jose/verify.hpp"

namespace {

using namespace mcpauth;

constexpr int kSkipped = 77;
constexpr std::size_t kCases = 401;

struct Exception {
  std::int64_t id;
  std::string_view reason;  ///< what verify, or reading the key, answers
  const char* why;
};

constexpr const char* kHmac = "HMAC keys are never accepted";
constexpr const char* kEs521 = "the key's alg is ES521, which is not registered (ES512 is)";
constexpr const char* kPs384 = "the token is PS384, the key's alg is PS256";
constexpr Exception kRefused[] = {
    {1, reason::kKeyNotPublic, kHmac},      {346, reason::kAlgMismatch, kPs384},
    {347, reason::kAlgUnsupported, kEs521}, {348, reason::kKeyNotPublic, kHmac},
    {350, reason::kAlgMismatch, kPs384},    {351, reason::kAlgUnsupported, kEs521},
    {352, reason::kKeyNotPublic, kHmac},    {357, reason::kKeyNotPublic, kHmac},
    {358, reason::kKeyNotPublic, kHmac},    {359, reason::kKeyNotPublic, kHmac},
    {372, reason::kKeyNotPublic, kHmac},    {373, reason::kKeyNotPublic, kHmac},
    {376, reason::kKeyNotPublic, kHmac},    {377, reason::kKeyNotPublic, kHmac}};

struct Outcome {
  bool valid = false;
  std::string reason;
};

Outcome judge(const json::Value& key, const json::Value& jws) {
  const auto jwk = jose::parse_jwk(key);
  if (!jwk) return {false, std::string(jwk.error().reason)};
  // A JWS in JSON serialization is an object here; what we are given then is its text.
  const std::string token = jws.string() != nullptr ? *jws.string() : json::write(jws);
  const auto report =
      jose::verify(token, jose::KeySet({*jwk}), {.signature_only = true}, Instant{});
  const auto* failure = report.first_failure();
  return {report.verdict == jose::Verdict::valid,
          failure == nullptr ? "" : std::string(failure->reason)};
}

/// Whether a case ended as it should; says on stdout where not.
bool agrees(std::int64_t id, bool expected, const Outcome& outcome) {
  for (const Exception& exception : kRefused) {
    if (exception.id != id) continue;
    if (expected && !outcome.valid && outcome.reason == exception.reason) return true;
    std::printf("case %lld: the list says that we refuse it (%s); valid=%d reason=%s\n",
                static_cast<long long>(id), exception.why, outcome.valid, outcome.reason.c_str());
    return false;
  }
  if (expected == outcome.valid) return true;
  std::printf("case %lld: expected %s, was %s (%s)\n", static_cast<long long>(id),
              expected ? "valid" : "invalid", outcome.valid ? "valid" : "invalid",
              outcome.reason.c_str());
  return false;
}

int run(const json::Value& document) {
  std::size_t cases = 0;
  std::size_t wrong = 0;
  std::map<std::string, int> reasons;
  for (const auto& group : *document.find("testGroups")->array()) {
    const json::Value* key = group.find("public");
    if (key == nullptr) key = group.find("private");
    for (const auto& test : *group.find("tests")->array()) {
      const auto outcome = judge(*key, *test.find("jws"));
      const bool expected = *test.find("result")->string() == "valid";
      ++cases;
      ++reasons[outcome.valid ? "valid" : outcome.reason];
      if (!agrees(test.find("tcId")->integer().value(), expected, outcome)) ++wrong;
    }
  }
  std::printf("%zu cases, %zu wrong, %zu valid ones refused by rule\n", cases, wrong,
              std::size(kRefused));
  for (const auto& [reason, count] : reasons)
    std::printf("  %-18s %d\n", reason.c_str(), count);
  return wrong == 0 && cases == kCases ? 0 : 1;
}

}  // namespace

int main() {
  const char* path = std::getenv("MCPAUTH_WYCHEPROOF");
  if (path == nullptr || *path == 0) {
    std::puts(
        "skipped: MCPAUTH_WYCHEPROOF does not name Wycheproof's json_web_signature_test.json");
    return kSkipped;
  }
  const auto text = read_file(path, 16 << 20);
  if (!text) {
    std::printf("%s\n", text.error().message.c_str());
    return 1;
  }
  const auto document = json::parse(*text, {.bytes = 16 << 20, .depth = 64, .values = 1'000'000});
  if (!document) {
    std::printf("%s\n", document.error().message.c_str());
    return 1;
  }
  return run(*document);
}
