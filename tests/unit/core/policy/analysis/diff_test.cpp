#include <string>

#include <doctest/doctest.h>

#include "core/codec/time.hpp"
#include "core/policy/analysis/diff_over_time.hpp"

using namespace mcpauth;
using policy::analysis::Verdict;

namespace {

policy::Engine engine(const std::string& text) {
  auto policy = policy::parse("version = 1\n" + text, "rbac.toml");
  REQUIRE(policy);
  return policy::Engine(*std::move(policy));
}

/// "+ okta:A in acme: `x`", a line for each change.
std::string told(const policy::analysis::Difference& difference) {
  std::string out;
  for (const auto& change : difference.changes) {
    out += change.is_gain ? "+" : "-";
    for (const auto& group : change.groups)
      out += (change.is_combined ? " & " : " ") + group.text();
    out += ":";
    for (const auto item : change.items)
      out += " " + difference.items[item].text();
    out += "\n";
  }
  return out;
}

policy::analysis::Difference diff(const std::string& before, const std::string& after,
                                  const policy::analysis::DiffLimits& limits = {}) {
  return policy::analysis::diff(engine(before), engine(after), Instant{}, limits);
}

const std::string kBase =
    "[tools]\n\"hr/get\" = [\"hr:read\"]\n\"hr/*\" = [\"hr:read\", \"hr:write\"]\n"
    "[roles.reader]\nscopes = [\"hr:read\"]\n[roles.writer]\nscopes = [\"hr:write\"]\n"
    "[[grant]]\nrole = \"reader\"\ngroups = [\"okta:R\"]\norg = \"acme\"\n"
    "[[grant]]\nrole = \"writer\"\ngroups = [\"okta:W\"]\n";

}  // namespace

TEST_CASE("analysis/diff: the same rules in another order are equivalent") {
  const auto found =
      diff(kBase,
           "[[grant]]\nrole = \"w\"\ngroups = [\"okta:W\"]\n"
           "[[grant]]\nrole = \"r\"\ngroups = [\"okta:R\"]\norg = \"acme\"\n"
           "[roles.w]\nscopes = [\"hr:write\"]\n[roles.r]\nscopes = [\"hr:read\"]\n"
           "[tools]\n\"hr/*\" = [\"hr:write\", \"hr:read\"]\n\"hr/get\" = [\"hr:read\"]\n");
  CHECK(found.verdict == Verdict::equivalent);
  CHECK(told(found).empty());
}

TEST_CASE("analysis/diff: gains are listed by org, also those that need two groups") {
  const auto found = diff(kBase, kBase + "[[grant]]\nrole = \"reader\"\ngroups = [\"okta:N\"]\n");
  CHECK(found.verdict == Verdict::more);
  CHECK(told(found) ==
        "+ okta:N in every org: `hr/get` `hr:read`\n"
        "+ & okta:N in acme & okta:W in acme: `hr/*`\n"
        "+ & okta:N in every org & okta:W in every org: `hr/*`\n");
}

TEST_CASE(
    "analysis/diff: removing a deny lets in those denied by one group and allowed by another") {
  const std::string deny =
      "[roles.not]\ndeny = [\"hr:**\"]\n[[grant]]\nrole = \"not\"\ngroups = [\"okta:X\"]\norg = "
      "\"acme\"\n";
  const auto found = diff(kBase + deny, kBase);
  CHECK(found.verdict == Verdict::more);
  CHECK(told(found).find("+ & okta:R in acme & okta:X in acme: `hr/get` `hr:read`\n") !=
        std::string::npos);
  CHECK(diff(kBase, kBase + deny).verdict == Verdict::less);
}

namespace {

/// As `told`, with "from N days:" above what is new once grants have ended.
std::string told_over_time(const std::string& before, const std::string& after,
                           const policy::analysis::DiffLimits& limits = {}) {
  const auto now = *time::parse_instant("2027-01-01T00:00:00Z", Instant{});
  const auto found = policy::analysis::diff_over_time(engine(before), engine(after), now, limits);
  std::string out = told(found.now);
  for (const auto& [from, later] : found.later) {
    out += "from " + time::format_instant(from) + ":\n" + told(later);
  }
  for (const auto& why : found.now.unsure)
    out += why + "\n";
  return out + std::string(policy::analysis::name(found.verdict));
}

const std::string kTrial = "[[grant]]\nrole = \"writer\"\ngroups = [\"okta:C\"]\norg = \"acme\"\n";

}  // namespace

TEST_CASE("analysis/diff: a grant that no longer expires is a gain on the day of its old expiry") {
  const auto ends = kBase + kTrial + "expires = 2027-01-31\n";
  CHECK(told_over_time(ends, kBase + kTrial) ==
        "from 2027-02-01T00:00:00Z:\n+ okta:C in acme: `hr:write`\n"
        "+ & okta:C in acme & okta:R in acme: `hr/*`\nmore");
  CHECK(told_over_time(kBase + kTrial, ends) ==
        "from 2027-02-01T00:00:00Z:\n- okta:C in acme: `hr:write`\n"
        "- & okta:C in acme & okta:R in acme: `hr/*`\nless");
  CHECK(told_over_time(ends, ends) == "equivalent");
  CHECK(told_over_time(kBase, ends) ==
        "+ okta:C in acme: `hr:write`\n+ & okta:C in acme & okta:R in acme: `hr/*`\nmore");
}

TEST_CASE("analysis/diff: it is never called equivalent unless every day was compared") {
  const auto ends = kBase + kTrial + "expires = 2027-01-31\n" + kTrial + "expires = 2027-03-31\n";
  CHECK(told_over_time(ends, ends, {.moments = 1}) ==
        "grants end on 2 days, and only the first 1 were compared\nunknown");
}

TEST_CASE("analysis/diff: a longer lifetime is a gain, a shorter one a loss") {
  const auto with = [](const std::string& ttl) {
    return "[roles.r]\nscopes = [\"hr:read\"]\n" + ttl +
           "[[grant]]\nrole = \"r\"\ngroups = [\"okta:R\"]\norg = \"acme\"\n";
  };
  CHECK(told_over_time(with("ttl = \"5m\"\n"), with("ttl = \"15m\"\n")) ==
        "+ okta:R in acme: a lifetime of 15m, not 5m\nmore");
  CHECK(told_over_time(with("ttl = \"15m\"\n"), with("ttl = \"5m\"\n")) ==
        "- okta:R in acme: a lifetime of 5m, not 15m\nless");
  CHECK(told_over_time(with("ttl = \"5m\"\n"), with("")) ==
        "+ okta:R in acme: a lifetime of what is configured, not 5m\nmore");
}

TEST_CASE("analysis/diff: an answer for every other org lists its exceptions") {
  const auto with = [](const std::string& scopes, const std::string& beta) {
    return "[tools]\n\"hr/get\" = [\"hr:read\"]\n" + beta + "[roles.r]\nscopes = [" + scopes +
           "]\n[[grant]]\nrole = \"r\"\ngroups = [\"okta:D\"]\n"
           "[[grant]]\nrole = \"r\"\ngroups = [\"okta:O\"]\norg = \"beta\"\n";
  };
  const auto gained = [&](const std::string& beta) {
    return told(diff(with("", beta), with("\"hr:read\"", beta)));
  };
  CHECK(gained("") == "+ okta:O in beta okta:D in every org: `hr/get` `hr:read`\n");
  CHECK(gained("[orgs.beta]\nidps = []\n") ==
        "+ okta:D in every org but beta: `hr/get` `hr:read`\n");
  CHECK(gained("[orgs.beta]\nidps = [\"okta\"]\n") ==
        "+ okta:D in beta okta:O in beta okta:D in every org: `hr/get` `hr:read`\n");
}

TEST_CASE("analysis/diff: removing a role that only shortens tokens is a gain") {
  const std::string limit =
      "[roles.short]\nttl = \"5m\"\n[[grant]]\nrole = \"short\"\ngroups = [\"okta:C\"]\norg = "
      "\"acme\"\n";
  CHECK(told_over_time(kBase + limit, kBase) ==
        "+ okta:C in acme: a lifetime of what is configured, not 5m\nmore");
  CHECK(told_over_time(kBase, kBase + limit) ==
        "- okta:C in acme: a lifetime of 5m, not what is configured\nless");
  // Where nobody has a token, none is shortened.
  const auto alone = "[tools]\n\"hr/get\" = [\"hr:read\"]\n" + limit;
  CHECK(told_over_time(alone, "[tools]\n\"hr/get\" = [\"hr:read\"]\n") == "equivalent");
}

TEST_CASE("analysis/diff: what could not be compared is never called equivalent") {
  const auto more = kBase + "[[grant]]\nrole = \"reader\"\ngroups = [\"okta:N\"]\n";
  const auto small = diff(kBase, more, {.work = 4});
  CHECK(small.verdict == Verdict::unknown);
  CHECK(small.unsure.size() == 1);
  CHECK(diff(kBase, more, {.cells = 3}).verdict == Verdict::unknown);
  CHECK(diff(kBase, kBase, {.org_groups = 1}).verdict == Verdict::unknown);
  CHECK(diff(kBase, kBase, {.scopes = 1}).verdict == Verdict::unknown);
  CHECK(diff(kBase, kBase, {.tool_places = 3}).verdict == Verdict::unknown);
}

TEST_CASE("analysis/diff: a hundred thousand grants are compared in one go") {
  std::string text = "[tools]\n";
  for (int i = 0; i < 300; ++i)
    text += "\"s/t" + std::to_string(i) + "\" = [\"a:s" + std::to_string(i) + "\"]\n";
  for (int i = 0; i < 300; ++i) {
    text += "[roles.r" + std::to_string(i) + "]\nscopes = [\"a:s" + std::to_string(i) + "\"]\n";
  }
  for (int i = 0; i < 20'000; ++i) {
    text += "[[grant]]\nrole = \"r" + std::to_string(i % 300) + "\"\ngroups = [\"okta:G" +
            std::to_string(i % 7000) + "\"]\norg = \"o" + std::to_string(i % 50) + "\"\n";
  }
  const auto found =
      diff(text, text + "[[grant]]\nrole = \"r7\"\ngroups = [\"okta:new\"]\norg = \"o3\"\n");
  CHECK(found.verdict == Verdict::more);
  CHECK(told(found) == "+ okta:new in o3: `s/t7` `a:s7`\n");
}
