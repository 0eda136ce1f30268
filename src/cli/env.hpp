#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/exit.hpp"
#include "core/base/clock.hpp"
#include "core/base/random.hpp"
#include "core/base/result.hpp"

namespace mcpauth::http {
class Client;
}

namespace mcpauth::cli {

/// The flags that every command has, parsed.
struct Globals {
  std::optional<std::string> config;  ///< -C/--config FILE, or "none"
  bool json = false;
  std::string output = "-";           ///< -o/--output
  bool quiet = false;
  bool verbose = false;
  bool no_input = false;
  std::optional<std::chrono::seconds> timeout;
};

/// Everything a command may touch outside its arguments. Tests pass string streams and fakes.
struct Env {
  std::istream& in;
  std::ostream& out;  ///< the answer only; `run` points it at --output and checks that it was written
  std::ostream& err;
  const Clock* clock;  ///< stands still under --now
  Random& random;
  /// The value of an environment variable; the only way to them.
  std::function<std::optional<std::string>(std::string_view)> variable;
  /// The HTTP client, made at first use (loading it costs milliseconds).
  std::function<http::Client&()> http;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool in_is_terminal = false;
  Globals globals = {};
  bool color_out = false;  ///< decided by `run` from --color, NO_COLOR and the terminal
  bool color_err = false;

  Instant now() const { return clock->now(); }
};

}  // namespace mcpauth::cli
