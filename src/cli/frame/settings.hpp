#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/config/config.hpp"

namespace mcpauth::cli {

/// A setting of the configuration that an environment variable can give.
struct SettingVariable {
  std::string_view setting;   ///< "issuer.url"
  std::string_view variable;  ///< "MCPAUTH_ISSUER_URL"
  bool is_path = false;       ///< relative to the current directory
};

std::span<const SettingVariable> setting_variables();

/// The configuration file that applies: -C or MCPAUTH_CONFIG; else the nearest mcpauth.toml from
/// the current directory up to the root of its repository; else the user's own. Nothing under
/// `-C none` and where there is none. A file that was only found, and belongs to somebody else or
/// can be changed by others, is refused: it names programs to run and keys to trust.
Result<std::optional<std::filesystem::path>> find_config(const Env& env);

/// The configuration in force: the file, overlaid with the variables. Without a file `Config::file`
/// is empty and only the variables count.
Result<config::Config> load_settings(const Env& env);

/// Refuses an issuer given by hand that the configuration would refuse as well; Errc::usage.
Result<void> check_issuer(const std::string& issuer);

/// What beats the file: the variables that are set.
std::vector<config::Override> overrides(const Env& env);

}  // namespace mcpauth::cli
