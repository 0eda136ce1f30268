#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/engine/fault.hpp"
#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy {

/// The text of one file.
struct Source {
  std::string file;  ///< as in a Place: the folder of the first file, then the path below it
  std::string text;
};

/// A policy and the errors in it. With errors it is incomplete and must not be used for decisions.
struct Reading {
  Policy policy;
  std::vector<Source> sources;  ///< every file that was read, in this order
  std::vector<Fault> faults;    ///< by file, place and message
};

/// Returns the text of a file that is named by `include`. Going by its name, the path is below the
/// folder of the first file. Links are for the reader to check.
using ReadFile = std::function<Result<std::string>(const std::filesystem::path&)>;

/// Reads a policy from `text` and, through `read_file`, the files that it includes. `include =
/// ["a.toml"]` names files relative to the file it is in, with `/`. Absolute paths, paths that
/// leave the folder of the first file, and circles are faults. A file that is included twice is
/// read once. Cannot fail: all errors are in `faults`.
Reading read(std::string_view text, std::string_view file, const ReadFile& read_file,
             const PolicyLimits& limits = {});

/// The same from disk. The first file may be a pipe or device. The files that it includes must be
/// regular files whose real path is below its folder. Fails only when the first file cannot be read
/// (Errc::io, Errc::not_found, Errc::input).
Result<Reading> read(const std::filesystem::path& file, const PolicyLimits& limits = {});

/// The policy of a reading without faults, or an Error (Errc::config) with all faults in its
/// `problems`.
Result<Policy> usable(Reading reading);

/// Reads a usable policy from disk, or returns an Error with all faults in its `problems`.
Result<Policy> load(const std::filesystem::path& file, const PolicyLimits& limits = {});

}  // namespace mcpauth::policy
