#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/frame/exit.hpp"
#include "core/base/clock.hpp"
#include "core/base/random.hpp"
#include "core/base/result.hpp"

namespace mcpauth::http {
class Client;
}

namespace mcpauth::cli {

/// The flags that every command has, parsed.
struct Globals {
  std::optional<std::string> config = {};  ///< -C/--config FILE, or "none"
  bool json = false;
  std::string output = "-";  ///< -o/--output
  bool quiet = false;
  bool verbose = false;
  bool no_input = false;
  std::optional<std::chrono::seconds> timeout = {};
};

/// Looks up an environment variable; nothing when it is not set.
using Variables = std::function<std::optional<std::string>(std::string_view)>;

/// Everything that a command may use besides its arguments. Tests pass string streams and fakes.
struct Env {
  std::istream& in;
  std::ostream& out;  ///< the answer only; `run` points it at --output and checks it was written
  std::ostream& err;
  const Clock* clock;  ///< a fixed clock under --now
  Random& random;
  Variables variable;  ///< the only way to the environment
  std::function<std::vector<std::string>()> variable_names = {};  ///< of the variables that are set
  /// The HTTP client, made at first use because loading it takes milliseconds.
  std::function<http::Client&()> http = {};
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool in_is_terminal = false;
  const int* out_error = nullptr;  ///< errno of the first failed write to `out`; 0 if none failed
  Globals globals = {};
  bool color_out = false;  ///< `run` decides it by --color, NO_COLOR and the terminal
  bool color_err = false;
  bool stdin_used = false;  ///< `-` can be read once
  /// Where the search for mcpauth.toml starts; empty for the current directory.
  std::filesystem::path directory = {};

  Instant now() const { return clock->now(); }
};

}  // namespace mcpauth::cli
