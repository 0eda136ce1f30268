#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/version.hpp"

namespace mcpauth::cli {
namespace {

#if defined(__clang__)
constexpr std::string_view kCompiler = "clang " __clang_version__;
#else
constexpr std::string_view kCompiler = "g++ " __VERSION__;
#endif

Result<Exit> show(Env& env) {
  if (env.globals.json) {
    print_json(env, json::Object{{"schema", "mcpauth.version/1"},
                                 {"version", kVersionText},
                                 {"compiler", kCompiler}});
  } else {
    env.out << "mcpauth " << kVersionText << '\n';
  }
  return Exit::ok;
}

constexpr Example kExamples[] = {
    {"mcpauth version", "print the version"},
    {"mcpauth version --json", "the same as JSON, with the compiler that built it"},
};

}  // namespace

extern const Command kVersion;
constinit const Command kVersion = {
    .path = "version",
    .summary = "Print the version",
    .description =
        "Prints the version of this program. With --json also the compiler that built it.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = [](Spec&) -> Action { return show; },
};

}  // namespace mcpauth::cli
