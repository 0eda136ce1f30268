#include "core/policy/test/suite.hpp"

#include <array>

#include "core/codec/format.hpp"
#include "core/policy/engine/fault.hpp"
#include "core/policy/engine/pattern.hpp"
#include "core/policy/engine/read.hpp"

namespace mcpauth::policy::test {
namespace {

namespace rule = policy::rule;
using policy::Report;
using policy::TableReader;
using policy::Text;

constexpr std::array<std::string_view, 4> kSuiteKeys = {"policy", "now", "test", "invariant"};
constexpr std::array<std::string_view, 5> kTestKeys = {"name", "as", "allow", "deny",
                                                       "can_exactly"};
constexpr std::array<std::string_view, 3> kAsKeys = {"groups", "org", "subject"};
constexpr std::array<std::string_view, 3> kInvariantKeys = {"name", "never_both", "only"};
constexpr std::array<std::string_view, 4> kOnlyKeys = {"tool", "scope", "groups", "roles"};

/// The keys that are lists of tables.
constexpr std::array<std::string_view, 2> kLists = {"test", "invariant"};

class Parser {
 public:
  Parser(Suite& suite, Report& report) : suite_(suite), report_(report) {}

  void run(const toml::Node& root) {
    // NOLINTNEXTLINE(misc-const-correctness): it remembers which keys were asked for
    TableReader reader(report_, root, "a test file", kSuiteKeys);
    suite_.policy = reader.text("policy");
    if (const auto* node = reader.find("now")) now(*node);
    if (const auto* node = reader.find("test")) {
      for (const auto& item : tables(*node, "test"))
        test(item);
    }
    if (const auto* node = reader.find("invariant")) {
      for (const auto& item : tables(*node, "invariant"))
        invariant(item);
    }
  }

 private:
  const toml::Array& tables(const toml::Node& node, std::string_view name) {
    static const toml::Array kNone;
    if (const auto* list = node.array()) return *list;
    const std::string quoted = "`" + std::string(name) + "`";
    report_.add(rule::kWrongType, node.span,
                quoted + " must be a list of tables, not " + std::string(node.kind()),
                toml::two_brackets(name));
    return kNone;
  }

  void now(const toml::Node& node) {
    if (const auto* instant = std::get_if<Instant>(&node.value)) {
      suite_.now = *instant;
    } else if (const auto* day = std::get_if<toml::Date>(&node.value)) {
      suite_.now = std::chrono::sys_days(*day);
    } else {
      report_.add(rule::kWrongType, node.span,
                  "`now` must be a time, not " + std::string(node.kind()),
                  "write now = 2027-01-31T08:00:00Z, without quotes");
    }
  }

  Text name_of(TableReader& reader) {
    if (reader.require("name") == nullptr) return {};
    return reader.text("name").value_or(Text{});
  }

  void check_group(const Text& group) {
    const auto colon = group.value.find(':');
    if (colon != std::string::npos && colon != 0 && colon + 1 != group.value.size()) return;
    report_.add(rule::kMalformedValue, group.place,
                text::format("`{}` is not idp:group", group.value), "write it like \"okta:HR\"");
  }

  void check_item(const Text& item) {
    const bool good = is_tool(item.value)
                          ? policy::is_tool(item.value) && item.value.find('*') == std::string::npos
                          : !policy::scope_fault(item.value, policy::Wildcards::no);
    if (good) return;
    report_.add(rule::kMalformedValue, item.place,
                text::format("`{}` is neither a tool nor a scope", item.value),
                "write it like hr/get_employee or db:read:employee");
  }

  std::vector<Text> items(TableReader& reader, std::string_view key) {
    auto out = reader.texts(key);
    for (const auto& item : out)
      check_item(item);
    return out;
  }

  void principal(const toml::Node& node, policy::Principal& as) {
    TableReader reader(report_, node, "`as`", kAsKeys);
    if (node.table() == nullptr) return;
    if (reader.require("groups") != nullptr) {
      for (auto& group : reader.texts("groups")) {
        check_group(group);
        as.groups.push_back(std::move(group.value));
      }
    }
    if (reader.require("org") != nullptr) {
      if (auto org = reader.text("org")) as.org = std::move(org->value);
    }
    auto subject = reader.text("subject");
    as.subject = subject ? std::move(subject->value) : "somebody";
    if (!as.groups.empty()) as.idp = as.groups.front().substr(0, as.groups.front().find(':'));
  }

  void test(const toml::Node& node) {
    Test test;
    TableReader reader(report_, node, "a test", kTestKeys);
    if (node.table() == nullptr) return;
    test.name = name_of(reader);
    if (test.name.place.file.empty()) test.name.place = report_.place(node.span);
    if (const auto* as = reader.require("as")) principal(*as, test.as);
    test.allow = items(reader, "allow");
    test.deny = items(reader, "deny");
    if (const auto* list = reader.find("can_exactly")) {
      test.can_exactly = reader.texts("can_exactly");
      for (const auto& tool : *test.can_exactly) {
        if (policy::tool_fault(tool.value))
          report_.add(rule::kMalformedValue, tool.place,
                      text::format("`{}` is not a tool", tool.value),
                      "write it like hr/get_employee, or the pattern as in [tools]");
      }
      (void)list;
    }
    if (test.allow.empty() && test.deny.empty() && !test.can_exactly) {
      report_.add(rule::kMissingKey, node.span, "the test expects nothing",
                  "give `allow`, `deny` or `can_exactly`");
    }
    suite_.tests.push_back(std::move(test));
  }

  void only(const toml::Node& node, Invariant& out) {
    TableReader reader(report_, node, "`only`", kOnlyKeys);
    if (node.table() == nullptr) return;
    const auto tool = reader.text("tool");
    const auto scope = reader.text("scope");
    if (tool.has_value() == scope.has_value()) {
      report_.add(rule::kMissingKey, node.span, "`only` needs one of `tool` and `scope`");
      return;
    }
    out.only = tool ? *tool : *scope;
    check_item(out.only);
    if (is_tool(out.only.value) != tool.has_value())
      report_.add(rule::kMalformedValue, out.only.place,
                  text::format("`{}` is not a {}", out.only.value, tool ? "tool" : "scope"));
    out.groups = reader.texts("groups");
    out.roles = reader.texts("roles");
    for (const auto& group : out.groups)
      check_group(group);
    if (out.groups.empty() && out.roles.empty())
      report_.add(rule::kMissingKey, node.span, "`only` needs `groups` or `roles`");
  }

  void invariant(const toml::Node& node) {
    Invariant out;
    TableReader reader(report_, node, "an invariant", kInvariantKeys);
    if (node.table() == nullptr) return;
    out.name = name_of(reader);
    if (out.name.place.file.empty()) out.name.place = report_.place(node.span);
    const auto* both = reader.find("never_both");
    const auto* restricted = reader.find("only");
    if ((both == nullptr) == (restricted == nullptr)) {
      report_.add(rule::kMissingKey, node.span,
                  "an invariant needs one of `never_both` and `only`");
    }
    if (both != nullptr) {
      out.never_both = items(reader, "never_both");
      if (out.never_both.size() < 2 || out.never_both.size() > kMostTogether)
        report_.add(rule::kMalformedValue, both->span,
                    "`never_both` needs two to 50 tools or scopes");
    }
    if (restricted != nullptr) only(*restricted, out);
    suite_.invariants.push_back(std::move(out));
  }

  static constexpr std::size_t kMostTogether = 50;
  Suite& suite_;
  Report& report_;
};

}  // namespace

bool is_tool(std::string_view name) {
  return name.find('/') != std::string_view::npos;
}

Result<Suite> parse_suite(std::string_view text, std::string_view file) {
  Suite suite{.file = std::string(file)};
  TRY(auto table, toml::parse(text, file, {}, kLists));
  toml::Node root;
  root.value = std::move(table);
  root.span = {1, 1, 1, 1};
  Report report(file);
  Parser(suite, report).run(root);
  std::vector<Problem> problems;
  for (const auto& fault : report.take())
    problems.push_back(fault.problem());
  if (!problems.empty()) return error_from(Errc::config, std::move(problems));
  return suite;
}

}  // namespace mcpauth::policy::test
