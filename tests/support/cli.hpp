#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/frame/run.hpp"
#include "support/fakes.hpp"

namespace mcpauth::test {

/// What one run of the command line printed and how it ended.
struct Run {
  int status = -1;
  std::string out;
  std::string err;
};

/// What a run finds around it. The clock stands at 2027-01-15T08:00:00Z.
struct World {
  std::string in = {};                                ///< stdin
  std::map<std::string, std::string> variables = {};  ///< the environment
  FakeClock clock = {};
  CountingRandom random = {};
  FakeHttp http = {};
  std::filesystem::path directory = "/";  ///< where mcpauth.toml is looked for
};

/// Runs the command line in this process, `args` without the program's name.
inline Run mcpauth(const std::vector<std::string>& args, World& world) {
  std::istringstream in(world.in);
  std::ostringstream out;
  std::ostringstream err;
  cli::Env env{.in = in,
               .out = out,
               .err = err,
               .clock = &world.clock,
               .random = world.random,
               .variable =
                   [&world](std::string_view name) {
                     const auto found = world.variables.find(std::string(name));
                     return found == world.variables.end()
                                ? std::nullopt
                                : std::optional<std::string>(found->second);
                   },
               .variable_names =
                   [&world] {
                     std::vector<std::string> names;
                     for (const auto& [name, value] : world.variables)
                       names.push_back(name);
                     return names;
                   },
               .http = [&world]() -> http::Client& { return world.http; },
               .directory = world.directory};
  const std::vector<std::string_view> views(args.begin(), args.end());
  const int status = cli::run(views, env);
  return {.status = status, .out = out.str(), .err = err.str()};
}

inline Run mcpauth(const std::vector<std::string>& args) {
  World world;
  return mcpauth(args, world);
}

}  // namespace mcpauth::test
