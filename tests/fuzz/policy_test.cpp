#include <cstdint>
#include <string_view>

#include "core/base/panic.hpp"
#include "core/policy/test/run.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace mcpauth;

const policy::Engine& engine() {
  static const policy::Engine kEngine = [] {
    auto policy = policy::parse(
        "version = 1\n[tools]\n\"a/b\" = [\"x\"]\n\"a/*\" = [\"x\", \"y\"]\n[roles.r]\nscopes = "
        "[\"x\"]\n[roles.s]\nscopes = [\"*\"]\ndeny = [\"x\"]\n[[grant]]\nrole = \"r\"\ngroups = "
        "[\"i:g\"]\n[[grant]]\nrole = \"s\"\ngroups = [\"i:h\"]\norg = \"o\"\n",
        "rbac.toml");
    if (!policy) panic("the policy of the fuzz target does not parse");
    return policy::Engine(*std::move(policy));
  }();
  return kEngine;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto suite = policy::test::parse_suite({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!suite) {
    if (suite.error().problems.empty()) panic("a refusal without a place");
    return 0;
  }
  policy::test::Coverage coverage(engine());
  const auto outcomes = policy::test::run(*suite, engine(), Instant{}, coverage);
  if (outcomes.size() != suite->tests.size() + suite->invariants.size()) panic("a test was lost");
  for (const auto& part : coverage.parts()) {
    if (part.covered + part.missing.size() != part.total) panic("the coverage does not add up");
  }
  return 0;
}
