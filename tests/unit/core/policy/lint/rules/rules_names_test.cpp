#include "unit/core/policy/lint/support.hpp"

using namespace mcpauth;

namespace {

/// What one rule says of a policy whose only grant is to these groups.
std::string said_of_groups(std::string_view rule, std::string_view groups,
                           std::string_view extra = "") {
  const auto outcome = linting::lint_text(
      "version = 1\n[roles.hr]\nscopes = [\"hr:read\"]\n[[grant]]\nrole = \"hr\"\ngroups = [" +
      std::string(groups) + "]\n" + std::string(extra));
  std::string out;
  for (const auto& finding : outcome.findings) {
    if (finding.rule->name == rule) out += finding.message + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("lint/names: look-alikes are told with the characters that differ") {
  CHECK(said_of_groups("confusable-name", R"("okta:admin", "okta:аdmin")") ==
        "group `okta:аdmin` looks like `okta:admin`\n");
  CHECK(said_of_groups("confusable-name", R"("okta:аdmin")") ==
        "group `okta:аdmin` mixes alphabets: U+0430 is Cyrillic in a Latin word\n");
  CHECK(said_of_groups("confusable-name", R"("okta:ａdmin")") ==
        "group `okta:ａdmin` mixes alphabets: U+FF41 is full-width in a Latin word\n");
  // Words of several alphabets, and other scripts beside Latin.
  CHECK(said_of_groups("confusable-name", R"("okta:Продажи-EU", "okta:人事HR", "okta:Élysée")") ==
        "");
  CHECK(said_of_groups("confusable-name", R"("okta:team-1", "okta:team-l")") ==
        "group `okta:team-l` looks like `okta:team-1`\n");
}

TEST_CASE("lint/names: what is hidden in names, strings and comments") {
  constexpr std::string_view kRule = "bidi-or-invisible";
  CHECK(said_of_groups(kRule, R"("okta:H​R")") ==
        "group `okta:H\u200BR` holds U+200B, which a reader cannot see\n");
  CHECK(said_of_groups(kRule, "\"okta:HR\"", "# to\u202Eken\n") ==
        "a comment holds U+202E, which a reader cannot see\n");
  CHECK(said_of_groups(kRule, "\"okta:HR\"", "reason = \"a\u200Bb\"\n") ==
        "a string holds U+200B, which a reader cannot see\n");
  // Emoji need joiners and variation selectors; the flag of Scotland needs tags.
  CHECK(said_of_groups(
            kRule, "\"okta:HR\"",
            "# \u26A0\uFE0F \U0001F469\u200D\U0001F4BB "
            "\U0001F3F4\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F\n") == "");
  CHECK(said_of_groups(kRule, "\"okta:HR\u00A0\"") ==
        "group `okta:HR\u00A0` holds U+00A0, which a reader cannot see\n");
}

TEST_CASE("lint/names: near names are told once, at the one that is used less") {
  constexpr std::string_view kRule = "near-duplicate-name";
  const std::string often = R"(
[[grant]]
role = "hr"
groups = ["okta:platfrom-admins"]
[[grant]]
role = "hr"
groups = ["okta:platfrom-admins", "okta:Engineering", "entra:Enginering"]
)";
  CHECK(said_of_groups(kRule, R"("okta:platform-admins")", often) ==
        "group `okta:platform-admins` differs from `okta:platfrom-admins` in two swapped letters "
        "only\n");
  // Groups of two providers are not compared, and those that the IdP lists are real.
  CHECK(said_of_groups(kRule, R"("okta:Engineering", "entra:Enginering")") == "");
}

TEST_CASE("lint/names: forms of one name") {
  constexpr std::string_view kRule = "unnormalised-name";
  CHECK(said_of_groups(kRule, "\"okta:Cafe\u0301\"") ==
        "group `okta:Cafe\u0301` is not in Unicode's composed form (NFC)\n");
  CHECK(said_of_groups(kRule, R"("okta: Sales")") == "group `okta: Sales` has blanks around it\n");
  CHECK(said_of_groups(kRule, R"("okta:Sales", "okta:SALES")") ==
        "group `okta:SALES` and `okta:Sales` differ only in upper and lower case\n");
  CHECK(said_of_groups(kRule, R"("okta:Sales", "entra:sales")") == "");
}
