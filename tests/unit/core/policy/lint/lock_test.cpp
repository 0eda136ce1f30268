#include "core/policy/lint/lock.hpp"

#include <doctest/doctest.h>

using namespace mcpauth;
using namespace mcpauth::policy::lint;

namespace {

Lock lock_for(std::string_view tools_table, const std::vector<ListedTool>& tools) {
  auto policy = policy::parse("version = 1\n[tools]\n" + std::string(tools_table), "rbac.toml");
  REQUIRE(policy);
  auto lock = lock_of(*policy, tools);
  REQUIRE(lock);
  return *std::move(lock);
}

const std::vector<ListedTool> kTools = {
    {.name = "code/push"}, {.name = "hr/get"}, {.name = "hr/set"}};

}  // namespace

TEST_CASE("lint/lock: it holds what each pattern covers, sorted, and reads itself") {
  const auto lock =
      lock_for("\"hr/*\" = []\n\"*/get\" = []\n\"hr/set\" = []\n\"x/*\" = []\n", kTools);
  const auto text = write_lock(lock);
  CHECK(text ==
        "# The tools that each pattern of rbac.toml covered when `mcpauth rbac lock` last wrote "
        "this.\n"
        "version = 1\n"
        "\n"
        "[covers]\n"
        "\"*/get\" = [\n"
        "  \"hr/get\",\n"
        "]\n"
        "\"hr/*\" = [\n"
        "  \"hr/get\",\n"
        "  \"hr/set\",\n"
        "]\n"
        "\"x/*\" = []\n");
  const auto again = read_lock(text, "rbac.lock");
  REQUIRE(again);
  CHECK(*again == lock);
  CHECK(locked_tools(lock) == std::vector<std::string>{"hr/get", "hr/set"});
}

TEST_CASE("lint/lock: what has changed") {
  const auto before =
      lock_for("\"hr/*\" = []\n\"x/*\" = []\n", {{.name = "hr/old"}, {.name = "hr/get"}});
  const auto after = lock_for("\"hr/*\" = []\n\"code/*\" = []\n", kTools);
  std::string out;
  for (const auto& [pattern, tool, is_new] : changes(before, after))
    out += (is_new ? "+" : "-") + tool + " " + pattern + "\n";
  CHECK(out == "+code/push code/*\n-hr/old hr/*\n+hr/set hr/*\n");
  CHECK(changes(after, after).empty());
}

TEST_CASE("lint/lock: what is not a lock is refused, with its places") {
  const auto fault = [](std::string_view text) {
    const auto lock = read_lock(text, "rbac.lock");
    REQUIRE_FALSE(lock);
    CHECK(lock.error().code == Errc::config);
    return lock.error().problems.at(0).text();
  };
  CHECK(fault("") == "rbac.lock:1:1: it is empty or cut off: there is no `version`");
  CHECK(fault("version = 2\n").starts_with("rbac.lock:1:11: this program reads version 1"));
  CHECK(fault("version = 1\nx = 1\n").starts_with("rbac.lock:2:1: `x` is not known here"));
  CHECK(fault("version = 1\n[covers]\n\"hr/get\" = []\n")
            .starts_with("rbac.lock:3:1: `hr/get` is not a tool pattern"));
  CHECK(fault("version = 1\n[covers]\n\"hr/*\" = 1\n")
            .starts_with("rbac.lock:3:10: `hr/*` needs a list of tools"));
  CHECK(fault("version = 1\n[covers]\n\"hr/*\" = [\"code/x\"]\n")
            .starts_with("rbac.lock:3:11: this is not a tool that `hr/*` covers"));
  CHECK(fault("version = 1\n[covers]\n\"hr/*\" = [\"hr/x\", \"hr/x\"]\n")
            .starts_with("rbac.lock:3:19: tool `hr/x` is listed twice"));
  CHECK(fault("version = \n").starts_with("rbac.lock:1:"));
}
