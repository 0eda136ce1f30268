#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "cli/frame/env.hpp"
#include "cli/frame/spec.hpp"
#include "core/keys/entry.hpp"
#include "core/keys/ring.hpp"

// Which key ring a command works on, and how long the steps of its rotation wait.
namespace mcpauth::cli {

struct RingOptions {
  std::optional<std::string> directory;
  std::chrono::seconds cache_max_age{300};
  std::chrono::seconds period = keys::Rotation{}.period;

  keys::Rotation rotation() const;
};

/// Declares --keys DIR.
void bind_ring(Spec& spec, RingOptions& options);
/// Declares --cache-max-age and --period.
void bind_rotation(Spec& spec, RingOptions& options);
/// The directory of --keys, or else of the configuration.
Result<std::filesystem::path> ring_directory(const RingOptions& options, const Env& env);

/// Warns of what keeps the ring from signing or rotating: private files that are missing, and times
/// that are ahead of the clock.
void warn_of_ring(const keys::Ring& ring, Env& env);

}  // namespace mcpauth::cli
