#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/config/config.hpp"

namespace mcpauth::cli {

/// A setting of the configuration that an environment variable overrides.
struct SettingVariable {
  std::string_view setting;   ///< "issuer.url"
  std::string_view variable;  ///< "MCPAUTH_ISSUER_URL"
  bool is_path = false;       ///< relative to the current directory
};

std::span<const SettingVariable> setting_variables();

/// The configuration file in force: that of -C or MCPAUTH_CONFIG; else the nearest mcpauth.toml
/// from the current directory up to the root of its repository; else the user's own. Nothing under
/// `-C none`, or when there is no such file. A file that was found and not named is refused if it
/// belongs to another user or everybody can change it: it names programs to run and keys to trust.
Result<std::optional<std::filesystem::path>> find_config(const Env& env);

/// The configuration in force: the file with the variables over it. Without a file `Config::file`
/// is empty and only the variables count.
Result<config::Config> load_settings(const Env& env);

/// Refuses an issuer from the command line by the rule for [issuer] url. The error is Errc::usage.
Result<void> check_issuer(const std::string& issuer);

/// The settings that environment variables override.
std::vector<config::Override> overrides(const Env& env);

}  // namespace mcpauth::cli
