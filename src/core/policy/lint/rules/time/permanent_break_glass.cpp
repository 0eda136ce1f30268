#include <set>
#include <unordered_map>
#include <utility>

#include "core/codec/format.hpp"
#include "core/codec/unicode.hpp"
#include "core/policy/lint/rules/families.hpp"
#include "core/policy/lint/rules/paths.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr Rule kPermanentBreakGlass{
    .name = "permanent-break-glass",
    .code = "RB505",
    .severity = Severity::error,
    .fix = FixKind::none,
    .audience = Audience::everybody,
    .since = "0.1.0",
    .summary = "An emergency role is granted without an end or without a reason",
    .rationale =
        "An emergency role that is never withdrawn is an administrator that nobody counts. If "
        "the name of a role says that it is for emergencies (break-glass, emergency, firecall, "
        "oncall-root), grant it only for as long as the emergency lasts: with `expires`, and "
        "with a `reason` so that the next reader knows which emergency it was.",
    .bad = R"(version = 1
[roles.break-glass]
scopes = ["ops:restart"]
[[grant]]
role = "break-glass"
#      ^
groups = ["okta:Engineering"]
)",
    .good = R"(version = 1
[roles.break-glass]
scopes = ["ops:restart"]
[[grant]]
role = "break-glass"
groups = ["okta:Engineering"]
expires = 2027-02-02
reason = "INC-4711: the cluster lost its quorum"
)"};

constexpr const Rule* kRules[] = {&kPermanentBreakGlass};

/// Whether the name of a role says that it is for emergencies.
bool is_emergency(std::string_view role) {
  std::string letters;
  std::set<std::string> words;
  std::string word;
  for (const char c : unicode::lower(role) + "-") {
    if (c >= 'a' && c <= 'z') {
      word += c;
      letters += c;
    } else {
      words.insert(std::exchange(word, {}));
    }
  }
  const auto has = [&](std::string_view part) { return letters.find(part) != std::string::npos; };
  return has("breakglass") || has("breaktheglass") || has("firecall") ||
         words.contains("emergency") || (words.contains("root") && has("oncall"));
}

void check(Context& context, Findings& findings) {
  std::unordered_map<std::string_view, bool> emergencies;  // by role: whether it is one
  for (const auto& grant : context.policy().grants) {
    if (grant.until && !grant.reason.empty()) continue;
    const auto [emergency, is_new] = emergencies.try_emplace(grant.role.value, false);
    if (is_new) emergency->second = is_emergency(grant.role.value);
    if (!emergency->second) continue;
    const bool says_why = !grant.reason.empty();
    auto& finding = findings.add(
        kPermanentBreakGlass, grant.role.place,
        text::format("role `{}` is for emergencies and is granted {}", grant.role.value,
                     grant.until ? "without a reason"
                     : says_why  ? "for ever"
                                 : "for ever and without a reason"));
    finding.hint = grant.until ? "add `reason`"
                   : says_why  ? "add `expires`"
                               : "add `expires` and `reason`";
    finding.path = grant_path(grant);
  }
}

}  // namespace

RuleGroup permanent_break_glass() {
  return {kRules, check};
}

}  // namespace mcpauth::policy::lint
