#pragma once

#include <optional>
#include <string>

#include "cli/frame/env.hpp"
#include "cli/frame/spec.hpp"

namespace mcpauth::cli {

/// The flags that every command has, as they are given.
struct GlobalFlags {
  Globals globals = {};
  std::string color = "auto";
  std::optional<std::string> now = {};
  bool help = false;
  bool version = false;
};

/// Declares them; `flags` must outlive the Spec.
void bind_globals(Spec& spec, GlobalFlags& flags);

/// Applies the flags to `env`: the settings, the colours and the clock of --now. That clock is made
/// in `fixed`, which must outlive the use of `env`.
Result<void> apply_globals(const GlobalFlags& flags, Env& env, std::optional<FixedClock>& fixed);

}  // namespace mcpauth::cli
