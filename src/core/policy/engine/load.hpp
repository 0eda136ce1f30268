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
  std::string file;  ///< as in the places: the first file's folder, then the path from there
  std::string text;
};

/// A policy with all that is wrong in it. With faults it is incomplete: not to be decided by.
struct Reading {
  Policy policy;
  std::vector<Source> sources;  ///< every file that was read, the first one first
  std::vector<Fault> faults;    ///< by file, place and message
};

/// Gives the text of a file named by `include`, or says why not. The path is below the first file's
/// folder as far as names can tell; the reader answers for links.
using ReadFile = std::function<Result<std::string>(const std::filesystem::path&)>;

/// Reads a policy from `text` and, through `read_file`, all that it includes. `include =
/// ["a.toml"]` names files relative to the one that includes them, with `/`; absolute paths and
/// ways out of the first file's folder are faults, as are files that include each other in a
/// circle. A file that is included twice is read once. Cannot fail: what is wrong is in the faults.
Reading read(std::string_view text, std::string_view file, const ReadFile& read_file,
             const PolicyLimits& limits = {});

/// The same from disk: the first file may be a pipe or device; what it includes must be regular
/// files whose real place is below the first one's folder. Fails only when the first file cannot be
/// read (Errc::io, Errc::not_found, Errc::input).
Result<Reading> read(const std::filesystem::path& file, const PolicyLimits& limits = {});

/// The policy of a reading without faults, or an Error (Errc::config) with all that is wrong in its
/// `problems`.
Result<Policy> usable(Reading reading);

/// A policy to decide by, from disk, or an Error with all that is wrong in its `problems`.
Result<Policy> load(const std::filesystem::path& file, const PolicyLimits& limits = {});

}  // namespace mcpauth::policy
