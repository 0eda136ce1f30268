#include "core/policy/engine/parse.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>

#include "core/base/ttl.hpp"
#include "core/codec/format.hpp"
#include "core/codec/time.hpp"
#include "core/policy/engine/parse_lint.hpp"
#include "core/policy/engine/pattern.hpp"
#include "core/policy/engine/policy.hpp"
#include "core/policy/engine/read.hpp"

namespace mcpauth::policy {
namespace {

// The keys live in static memory because Field::key points at them.
constexpr std::array<std::string_view, 9> kPolicyKeys = {
    "version", "include", "scopes", "tools", "roles", "grant", "orgs", "separation", "lint"};
constexpr std::array<std::string_view, 2> kScopeKeys = {"risk", "description"};
constexpr std::array<std::string_view, 5> kRoleKeys = {"inherits", "scopes", "deny", "ttl",
                                                       "description"};
constexpr std::array<std::string_view, 5> kGrantKeys = {"role", "groups", "org", "expires",
                                                        "reason"};
constexpr std::array<std::string_view, 1> kOrgKeys = {"idps"};
constexpr std::array<std::string_view, 2> kSeparationKeys = {"name", "never_both"};

constexpr std::string_view kTtlHint = "write a ttl like \"5m\"";

/// Adds the content of one file to a policy.
class Parser {
 public:
  Parser(Policy& policy, Report& report, const PolicyLimits& limits)
      : policy_(policy), report_(report), limits_(limits) {}

  std::vector<Text> run(const toml::Node& root) {
    // NOLINTNEXTLINE(misc-const-correctness): it remembers which keys were asked for
    TableReader reader(report_, root, "the policy", kPolicyKeys);
    version(reader.find("version"));
    auto includes = reader.texts("include");
    if (const auto* node = reader.find("scopes")) scopes(*node);
    if (const auto* node = reader.find("tools")) tools(*node);
    if (const auto* node = reader.find("roles")) roles(*node);
    if (const auto* node = reader.find("grant")) {
      for (const auto& item : tables(*node, "grant", policy_.grants.size(), limits_.grants))
        grant(item);
    }
    if (const auto* node = reader.find("orgs")) orgs(*node);
    if (const auto* node = reader.find("separation")) {
      for (const auto& item :
           tables(*node, "separation", policy_.separations.size(), limits_.scopes))
        separation(item);
    }
    if (const auto* node = reader.find("lint")) {
      std::ranges::move(lint_rules_of(report_, *node), std::back_inserter(policy_.lint_rules));
    }
    return includes;
  }

 private:
  void version(const toml::Node* node) {
    if (node == nullptr) {
      report_.add(rule::kPolicyVersion, {1, 1, 1, 1}, "the policy has no `version`",
                  "start the file with version = 1");
    } else if (node->integer() == nullptr) {
      report_.add(rule::kWrongType, node->span,
                  "`version` must be a whole number, not " + std::string(node->kind()),
                  "write version = 1");
    } else if (*node->integer() != 1) {
      report_.add(rule::kPolicyVersion, node->span,
                  text::format("version {} is not known", *node->integer()),
                  "this program reads version 1");
    }
  }

  /// Reports it when there are more than allowed.
  bool within(std::size_t count, std::size_t limit, const toml::Node& node,
              std::string_view what) const {
    if (count <= limit) return true;
    report_.add(rule::kPolicyTooLarge, node.span, text::format("more than {} {}", limit, what));
    return false;
  }

  const toml::Array& tables(const toml::Node& node, std::string_view name, std::size_t already,
                            std::size_t limit) {
    static const toml::Array kNone;
    const auto* list = node.array();
    if (list == nullptr) {
      report_.add(
          rule::kWrongType, node.span,
          "`" + std::string(name) + "` must be a list of tables, not " + std::string(node.kind()),
          toml::two_brackets(name));
      return kNone;
    }
    return within(already + list->size(), limit, node, name) ? *list : kNone;
  }

  Text name_of(const toml::Entry& entry, std::string_view what) const {
    if (entry.key.empty())
      report_.add(rule::kMalformedValue, entry.key_span, text::format("{} needs a name", what));
    return {entry.key, report_.place(entry.key_span)};
  }

  void check_scope(const Text& text, Wildcards wildcards) const {
    if (const auto fault = scope_fault(text.value, wildcards)) {
      report_.add(rule::kMalformedValue, text.place.span,
                  text::format("`{}` {}", text.value, *fault),
                  text::format("write it like db:read:employee{}",
                               wildcards == Wildcards::yes ? ", db:read:* or db:**" : ""));
    }
  }

  void check_scopes(const std::vector<Text>& texts, Wildcards wildcards) const {
    for (const auto& text : texts)
      check_scope(text, wildcards);
  }

  void scopes(const toml::Node& node) {
    const auto& table = table_of(report_, node, "scopes");
    policy_.has_scope_catalogue = true;
    if (!within(policy_.scopes.size() + table.entries.size(), limits_.scopes, node, "scopes"))
      return;
    for (const auto& entry : table.entries) {
      Scope scope{.name = {entry.key, report_.place(entry.key_span)}};
      check_scope(scope.name, Wildcards::no);
      TableReader reader(report_, entry.node, "a scope", kScopeKeys);
      if (const auto text = reader.text("risk")) scope.risk = risk(*text);
      if (auto text = reader.text("description")) scope.description = std::move(text->value);
      scope.fields = reader.fields();
      policy_.scopes.push_back(std::move(scope));
    }
  }

  Risk risk(const Text& text) {
    if (text.value == "low") return Risk::low;
    if (text.value == "high") return Risk::high;
    if (text.value != "medium") {
      constexpr std::array<std::string_view, 3> kRisks = {"low", "medium", "high"};
      report_.add_unknown(rule::kMalformedValue, text.place,
                          text::format("`{}` is not a risk", text.value), text.value, kRisks,
                          "write low, medium or high");
    }
    return Risk::medium;
  }

  void tools(const toml::Node& node) {
    const auto& table = table_of(report_, node, "tools");
    if (!within(policy_.tools.size() + table.entries.size(), limits_.tools, node, "tools")) return;
    for (const auto& entry : table.entries) {
      Tool tool{.pattern = {entry.key, report_.place(entry.key_span)},
                .needs_span = entry.node.span};
      if (const auto fault = tool_fault(entry.key)) {
        report_.add(rule::kMalformedValue, entry.key_span,
                    text::format("`{}` {}", entry.key, *fault),
                    "write it like \"hr/get_employee\" or \"hr/*\"");
      }
      tool.needs = texts_of(report_, entry.node, entry.key);
      check_scopes(tool.needs, Wildcards::no);
      policy_.tools.push_back(std::move(tool));
    }
  }

  void roles(const toml::Node& node) {
    const auto& table = table_of(report_, node, "roles");
    if (!within(policy_.roles.size() + table.entries.size(), limits_.roles, node, "roles")) return;
    for (const auto& entry : table.entries) {
      Role role{.name = name_of(entry, "a role"), .place = report_.place(entry.node.span)};
      TableReader reader(report_, entry.node, "a role", kRoleKeys);
      role.inherits = reader.texts("inherits");
      role.scopes = reader.texts("scopes");
      role.deny = reader.texts("deny");
      check_scopes(role.scopes, Wildcards::yes);
      check_scopes(role.deny, Wildcards::yes);
      if (const auto text = reader.text("ttl", kTtlHint)) role.ttl = ttl(*text);
      if (auto text = reader.text("description")) role.description = std::move(text->value);
      role.fields = reader.fields();
      policy_.roles.push_back(std::move(role));
    }
  }

  std::optional<std::chrono::seconds> ttl(const Text& text) {
    const auto duration = time::parse_duration(text.value);
    if (!duration) {
      report_.add(rule::kMalformedValue, text.place.span, duration.error().message,
                  std::string(kTtlHint));
    } else if (*duration < kMinTtl || *duration > kMaxTtl) {
      const bool short_lived = *duration < kMinTtl;
      auto& fault =
          report_.add(short_lived ? rule::kMalformedValue : rule::kTtlOverCap, text.place,
                      text::format("a ttl of `{}` is outside 5m to 15m", text.value),
                      short_lived ? "write \"5m\", the shortest" : "write \"15m\", the longest");
      fault.instead = short_lived ? "5m" : "15m";
    } else {
      return *duration;
    }
    return std::nullopt;
  }

  void grant(const toml::Node& node) {
    Grant grant{.place = report_.place(node.span)};
    TableReader reader(report_, node, "a grant", kGrantKeys);
    if (node.table() == nullptr) return;
    if (reader.require("role") != nullptr) {
      if (auto text = reader.text("role")) grant.role = *std::move(text);
    }
    if (const auto* groups = reader.require("groups")) {
      grant.groups = reader.texts("groups");
      if (groups->array() != nullptr && groups->array()->empty()) {
        report_.add(rule::kMalformedValue, groups->span,
                    "`groups` is empty, so the grant is for nobody",
                    "name a group, as in \"okta:HR\"");
      }
      for (const auto& group : grant.groups)
        check_group(group);
    }
    grant.org = reader.text("org");
    if (grant.org && grant.org->value == "*") {
      report_.add(rule::kUndefinedOrg, grant.org->place.span, "`*` is not an org",
                  "leave `org` out to grant in every org");
    }
    if (const auto* node_of = reader.find("expires")) grant.until = expiry(*node_of);
    if (auto text = reader.text("reason")) grant.reason = std::move(text->value);
    grant.fields = reader.fields();
    policy_.grants.push_back(std::move(grant));
  }

  void check_group(const Text& group) const {
    const auto colon = group.value.find(':');
    if (colon != std::string::npos && colon != 0 && colon + 1 != group.value.size()) return;
    const bool bare = colon == std::string::npos;
    report_.add(
        rule::kMalformedValue, group.place.span,
        text::format("`{}` {}", group.value, bare ? "does not name its IdP" : "is not idp:group"),
        bare ? text::format("write \"idp:{}\" with the name of the IdP", group.value)
             : std::string("write it like \"okta:HR\""));
  }

  // A date means until the end of that day, UTC. A time means exactly that instant.
  std::optional<Instant> expiry(const toml::Node& node) {
    if (const auto* day = std::get_if<toml::Date>(&node.value)) {
      return std::chrono::sys_days(*day) + std::chrono::days(1);
    }
    if (const auto* instant = std::get_if<Instant>(&node.value)) return *instant;
    report_.add(rule::kWrongType, node.span,
                "`expires` must be a date, not " + std::string(node.kind()),
                "write expires = 2027-01-31, without quotes");
    return std::nullopt;
  }

  void orgs(const toml::Node& node) {
    for (const auto& entry : table_of(report_, node, "orgs").entries) {
      Org org{.name = name_of(entry, "an org")};
      TableReader reader(report_, entry.node, "an org", kOrgKeys);
      if (reader.find("idps") != nullptr) org.idps = reader.texts("idps");
      org.fields = reader.fields();
      policy_.orgs.push_back(std::move(org));
    }
  }

  void separation(const toml::Node& node) {
    Separation separation{.place = report_.place(node.span)};
    TableReader reader(report_, node, "a separation", kSeparationKeys);
    if (node.table() == nullptr) return;
    if (reader.require("name") != nullptr) {
      if (auto text = reader.text("name")) separation.name = *std::move(text);
    }
    if (const auto* list = reader.require("never_both")) {
      separation.never_both = reader.texts("never_both");
      check_scopes(separation.never_both, Wildcards::yes);
      if (list->array() != nullptr && list->array()->size() < 2) {
        report_.add(rule::kMalformedValue, list->span, "`never_both` needs at least two scopes");
      }
    }
    separation.fields = reader.fields();
    policy_.separations.push_back(std::move(separation));
  }

  Policy& policy_;
  Report& report_;
  const PolicyLimits& limits_;
};

}  // namespace

const Field* find(const Fields& fields, std::string_view key) {
  const auto found = std::ranges::find(fields, key, &Field::key);
  return found == fields.end() ? nullptr : &*found;
}

std::vector<Text> parse_into(Policy& policy, Report& report, toml::Table table,
                             const PolicyLimits& limits) {
  toml::Node root;
  root.value = std::move(table);
  root.span = {1, 1, 1, 1};
  return Parser(policy, report, limits).run(root);
}

}  // namespace mcpauth::policy
