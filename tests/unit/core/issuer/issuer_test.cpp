#include "core/issuer/issuer.hpp"

#include <future>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "core/base/reason.hpp"
#include "core/crypto/digest.hpp"
#include "core/keys/active_key.hpp"
#include "core/keys/ring.hpp"
#include "support/audit_log.hpp"
#include "support/fakes.hpp"
#include "support/temp_dir.hpp"
#include "unit/core/issuer/support.hpp"

namespace mcpauth::issuer {
namespace {

using namespace std::chrono_literals;

/// An IdP, a log, and everything that an issuer is made of.
class World {
 public:
  World() {
    constexpr std::string_view kJson = "application/json";
    const auto key = json::write(jose::to_jwk(idp_.key.public_key(), idp_.kid, idp_.alg));
    for (const std::string& body : {std::string(R"({"issuer":"https://idp.example.com",)"
                                                R"("jwks_uri":"https://idp.example.com/keys"})"),
                                    R"({"keys":[)" + key + "]}"}) {
      http.replies.push_back(http::Response{
          .status = 200, .headers = {{"content-type", std::string(kJson)}}, .body = body});
    }
  }

  Settings settings() {
    return {.terms = kTerms,
            .directory = std::make_shared<const identity::Directory>(std::vector{idp_settings()},
                                                                     http, clock),
            .policy = std::make_shared<const PolicyInForce>(policy_of(token::kPolicy)),
            .key = always(shared_key()),
            .audiences = {{"hr", "https://hr.internal"}}};
  }

  std::string idp_token(const json::Object& more = {}) const {
    json::Object claims{{"iss", "https://idp.example.com"},
                        {"sub", "alice"},
                        {"aud", "mcpauth"},
                        {"exp", kNow.time_since_epoch().count() + 3600},
                        {"iat", kNow.time_since_epoch().count()},
                        {"jti", "idp-1"},
                        {"groups", json::Array{"HR"}}};
    for (const auto& [name, value] : more)
      claims.set(name, value);
    return jose::sign_jwt(idp_, "JWT", claims).value();
  }

  MintContext context(std::string request_id = "request") {
    return {
        .clock = clock, .random = random, .audit_log = &log, .request_id = std::move(request_id)};
  }

  std::vector<json::Value> log_records() const { return records(dir / "audit.jsonl"); }

  const test::TempDir dir;
  const test::FakeClock clock;
  crypto::SystemRandom random;
  test::FakeHttp http;
  audit::Writer log = test::open_log(dir / "audit.jsonl").value();

 private:
  static identity::Settings idp_settings() {
    return {.name = "okta",
            .issuer = "https://idp.example.com",
            .audience = {"mcpauth"},
            .org_id = "acme"};
  }

  jose::SigningKey idp_ = token::make_key();
};

const Wanted kWanted{.audience = "https://hr.internal"};

std::string kid_of(const token::Minted& minted) {
  return std::string(jose::parse_jws(minted.token.reveal_text())->kid());
}

/// The Issuer that a server uses now. Calls keep the one that they began with.
class Current {
 public:
  std::shared_ptr<const Issuer> get() const {
    const std::scoped_lock lock(mutex_);
    return issuer_;
  }
  void set(Settings settings) {
    auto next = std::make_shared<const Issuer>(std::move(settings));
    const std::scoped_lock lock(mutex_);
    issuer_ = std::move(next);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Issuer> issuer_;
};

}  // namespace

TEST_CASE("issuer: an IdP token becomes a token of ours, on record with its intent") {
  World world;
  const Issuer issuer(world.settings());
  const auto minted = issuer.mint(world.idp_token(), kWanted, world.context());
  REQUIRE_MESSAGE(minted, minted.error().message);
  CHECK(*minted->claims.find("sub")->string() == "alice");
  CHECK(*minted->claims.find("scope")->string() == "db:read:employee");
  const auto log = world.log_records();
  REQUIRE(log.size() == 2);
  CHECK(text_at(log[0], "phase") == "intent");
  CHECK(text_at(log[0], "jti") == "idp-1");
  CHECK(text_at(log[1], "jti") == minted->jti);
  CHECK(text_at(log[1], "policy") == "digest-of-the-policy");
  CHECK(text_at(log[1], "request_id") == "request");
}

TEST_CASE("issuer: without an audience, the one of the tool's server") {
  World world;
  const Issuer issuer(world.settings());
  const auto mint_for = [&](std::string tool) {
    return issuer.mint(world.idp_token(), {.audience = {}, .tool = std::move(tool)},
                       world.context());
  };
  const auto minted = mint_for("hr/get_employee");
  REQUIRE(minted);
  CHECK(*minted->claims.find("aud")->string() == "https://hr.internal");
  const auto without = issuer.mint(world.idp_token(), {.audience = {}}, world.context());
  REQUIRE_FALSE(without);
  CHECK(without.error().reason == reason::kMissingClaim);
  CHECK_FALSE(audience_for("", {{"", "x"}}));
  CHECK_FALSE(audience_for("mail/send", {{"hr", "x"}}));
}

TEST_CASE("issuer: every refusal is on record, whoever asked") {
  World world;
  const Issuer issuer(world.settings());
  CHECK(issuer.mint(world.idp_token({{"aud", "other"}}), kWanted, world.context()).error().reason ==
        reason::kWrongAudience);
  CHECK(issuer.mint(world.idp_token({{"groups", json::Array{"Sales"}}}), kWanted, world.context())
            .error()
            .reason == reason::kNoGrant);
  const auto log = world.log_records();
  REQUIRE(log.size() == 2);
  CHECK(text_at(log[0], "decision") == "deny");
  CHECK(text_at(log[0], "reason") == "wrong-audience");
  CHECK(text_at(log[0], "sub") == "null");
  CHECK(text_at(log[1], "reason") == "no-grant");
  CHECK(text_at(log[1], "sub") == "alice");
}

TEST_CASE("issuer: a refusal that cannot be recorded says so, and nothing is minted") {
  World world;
  const Issuer issuer(world.settings());
  world.dir.write("audit.jsonl", "this is not a log\n");
  for (const Wanted& wanted : {kWanted, Wanted{.audience = "a", .scopes = {"db:write:salary"}}}) {
    const auto minted = issuer.mint(world.idp_token(), wanted, world.context());
    REQUIRE_FALSE(minted);
    CHECK(minted.error().reason == reason::kAuditUnavailable);
  }
}

TEST_CASE("issuer: what is not a refusal is not recorded, and a denied mint asks for no key") {
  World world;
  world.http.replies.clear();
  auto settings = world.settings();
  int asked = 0;
  settings.key = [&asked]() -> Result<std::shared_ptr<const jose::SigningKey>> {
    ++asked;
    return Error{.code = Errc::io, .message = "no key"};
  };
  const Issuer issuer(settings);
  CHECK(issuer.mint(world.idp_token(), kWanted, world.context()).error().code == Errc::network);
  CHECK(world.log_records().empty());
  CHECK_FALSE(issuer.mint(member_of({"okta:Sales"}), kWanted, world.context()));
  CHECK(asked == 0);
  CHECK(issuer.mint(member_of({"okta:HR"}), kWanted, world.context()).error().code == Errc::io);
  CHECK(asked == 1);
  CHECK(world.log_records().size() == 1);
}

TEST_CASE("issuer: several threads mint at once, each on record before its token is there") {
  constexpr int kThreads = 4;
  constexpr int kEach = 25;
  World world;
  const Issuer issuer(world.settings());
  const std::string token = world.idp_token();
  std::mutex mutex;
  std::set<std::string> jtis;
  int denied = 0;
  const auto work = [&](int thread) {
    for (int i = 0; i < kEach; ++i) {
      const auto context = world.context(std::to_string(thread) + "." + std::to_string(i));
      const auto minted = issuer.mint(token, kWanted, context);
      const auto refused =
          issuer.mint(token, {.audience = "a", .scopes = {"db:write:salary"}}, context);
      const std::scoped_lock lock(mutex);
      if (minted) jtis.insert(minted->jti);
      denied += !refused && refused.error().reason == reason::kScopeNotHeld ? 1 : 0;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i)
      threads.emplace_back(work, i);
  }
  CHECK(jtis.size() == kThreads * kEach);
  CHECK(denied == kThreads * kEach);
  CHECK(world.http.requests.size() == 2);      // the IdP's keys were fetched once for all
  std::map<std::string, std::string> intents;  // id -> request
  std::set<std::string> outcomes;
  std::uint64_t seq = 0;
  for (const auto& record : world.log_records()) {
    CHECK(text_at(record, "seq") == std::to_string(seq++));
    if (text_at(record, "phase") == "intent") {
      CHECK(intents.emplace(text_at(record, "id"), text_at(record, "request_id")).second);
    } else if (text_at(record, "decision") == "allow") {
      CHECK(intents[text_at(record, "id")] == text_at(record, "request_id"));
      CHECK(outcomes.insert(text_at(record, "jti")).second);
    }
  }
  CHECK(seq == 3 * kThreads * kEach);
  CHECK(outcomes == jtis);
}

TEST_CASE("issuer: a call under way finishes with the key and the policy that it began with") {
  World world;
  std::promise<void> deciding;
  std::promise<void> replaced;
  const auto old_key = shared_key();
  Settings settings = world.settings();
  settings.key = [&]() -> Result<std::shared_ptr<const jose::SigningKey>> {
    deciding.set_value();
    replaced.get_future().wait();
    return old_key;
  };
  Current current;
  current.set(settings);
  auto old_call = std::async(std::launch::async, [&world, issuer = current.get()] {
    return issuer->mint(world.idp_token(), kWanted, world.context("old"));
  });
  deciding.get_future().wait();  // the policy has allowed it; the key is being asked for
  const auto new_key = shared_key();
  settings.key = always(new_key);
  auto stricter = policy_of("version = 1\n[roles.none]\nscopes = [\"db:none\"]\n");
  stricter.digest = "stricter";
  const auto lenient = settings.policy;
  settings.policy = std::make_shared<const PolicyInForce>(std::move(stricter));
  current.set(settings);
  CHECK(current.get()->mint(world.idp_token(), kWanted, world.context("new")).error().reason ==
        reason::kNoGrant);
  settings.policy = lenient;
  current.set(settings);
  const auto with_new_key = current.get()->mint(world.idp_token(), kWanted, world.context("newer"));
  REQUIRE(with_new_key);
  CHECK(kid_of(*with_new_key) == new_key->kid);
  CHECK(world.http.requests.size() == 2);  // the IdP's keys stayed
  replaced.set_value();
  const auto minted = old_call.get();
  REQUIRE(minted);
  CHECK(kid_of(*minted) == old_key->kid);
  for (const auto& record : world.log_records()) {
    const bool is_new = text_at(record, "request_id") == "new";
    CHECK(text_at(record, "policy") == (is_new ? "stricter" : "digest-of-the-policy"));
  }
}

TEST_CASE("issuer: tokens are signed all through a rotation of the key ring") {
  World world;
  auto ring = keys::Ring::create(world.dir / "ring", token::make_key(), kNow);
  REQUIRE(ring);
  const std::string first = ring->active().kid;
  Current current;
  const auto watch =
      keys::ActiveKey::watch(world.dir / "ring",
                             {.replace =
                                  [&, settings = world.settings()](auto key) mutable {
                                    settings.key = always(std::move(key));
                                    current.set(settings);
                                  },
                              .complain = [](const Error& error) { FAIL(error.message); }},
                             1h);
  REQUIRE(watch);
  std::mutex mutex;
  std::set<std::string> kids;
  int failed = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
          const auto minted = current.get()->mint(member_of({"okta:HR"}), kWanted, world.context());
          const std::scoped_lock lock(mutex);
          failed += minted ? 0 : 1;
          if (minted) kids.insert(kid_of(*minted));
        }
      });
    }
    const auto signs = [&](const std::string& kid) {
      const std::scoped_lock lock(mutex);
      return kids.contains(kid);
    };
    while (!signs(first))
      std::this_thread::yield();
    REQUIRE(ring->rotate({}, kNow, true));
    REQUIRE(ring->rotate({}, kNow + 600s));
    (*watch)->look();
    while (!signs(ring->active().kid))
      std::this_thread::yield();
  }
  CHECK(failed == 0);
  CHECK(kids == std::set{first, ring->active().kid});
}

}  // namespace mcpauth::issuer
