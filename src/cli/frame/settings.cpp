#include "cli/frame/settings.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string>

#include "cli/frame/verbose.hpp"
#include "core/codec/format.hpp"
#include "core/config/forms.hpp"
#include "core/oauth/answer.hpp"

namespace mcpauth::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<SettingVariable, 5> kVariables = {{
    {"issuer.url", "MCPAUTH_ISSUER_URL"},
    {"issuer.keys", "MCPAUTH_ISSUER_KEYS", true},
    {"issuer.ttl", "MCPAUTH_ISSUER_TTL"},
    {"policy.file", "MCPAUTH_POLICY_FILE", true},
    {"audit.file", "MCPAUTH_AUDIT_FILE", true},
}};

bool is_there(const fs::path& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0;
}

fs::path directory_of(const Env& env) {
  std::error_code ignored;
  return env.directory.empty() ? fs::current_path(ignored) : env.directory;
}

/// The nearest mcpauth.toml. Outside of a repository only the directory itself counts: the ones
/// above it may belong to anybody.
std::optional<fs::path> nearest_file(const fs::path& start) {
  std::optional<fs::path> nearest;
  for (fs::path at = start;; at = at.parent_path()) {
    const bool in_reach = !nearest && is_there(at / "mcpauth.toml");
    if (in_reach) nearest = at / "mcpauth.toml";
    if (is_there(at / ".git")) return nearest;
    if (at == at.parent_path()) break;
  }
  const bool here = nearest && nearest->parent_path() == start;
  return here ? nearest : std::nullopt;
}

std::optional<fs::path> own_file(const Env& env) {
  const auto config_home = env.variable("XDG_CONFIG_HOME").value_or("");
  const auto home = env.variable("HOME").value_or("");
  if (config_home.empty() && home.empty()) return std::nullopt;
  const fs::path base = config_home.empty() ? fs::path(home) / ".config" : fs::path(config_home);
  const fs::path file = base / "mcpauth" / "config.toml";
  return is_there(file) ? std::optional(file) : std::nullopt;
}

Result<void> check_owner(const fs::path& file) {
  struct stat info{};
  if (::stat(file.c_str(), &info) != 0) return {};  // it is gone; reading it reports that
  const bool ours = info.st_uid == ::geteuid() || info.st_uid == 0;
  const bool open = (info.st_mode & S_IWOTH) != 0;
  if (ours && !open) return {};
  return Error{
      .code = Errc::config,
      .message = text::format("`{}` was found here, but {}", file.string(),
                              ours ? "everybody can change it" : "it belongs to another user"),
      .hint = text::format("use it anyway with -C {}, or none with -C none", file.string()),
      .why = "a configuration names programs to run and keys to trust"};
}

}  // namespace

std::span<const SettingVariable> setting_variables() {
  return kVariables;
}

Result<std::optional<fs::path>> find_config(const Env& env) {
  if (env.globals.config == "none") return std::optional<fs::path>();
  if (env.globals.config) return std::optional<fs::path>(*env.globals.config);
  auto found = nearest_file(directory_of(env));
  if (!found) found = own_file(env);
  if (found) TRY_VOID(check_owner(*found));
  return found;
}

std::vector<config::Override> overrides(const Env& env) {
  std::vector<config::Override> out;
  for (const auto& known : kVariables) {
    auto value = env.variable(known.variable).value_or("");
    if (value.empty()) continue;
    if (known.is_path) value = (directory_of(env) / value).lexically_normal().string();
    out.push_back({.setting = std::string(known.setting),
                   .value = std::move(value),
                   .source = text::format("${}", known.variable)});
  }
  return out;
}

Result<config::Config> load_settings(const Env& env) {
  TRY(const auto file, find_config(env));
  const auto given = overrides(env);
  auto config = file ? config::load(*file, given) : config::parse("", "", given);
  if (config) log_config(*config, env);
  return config;
}

Result<void> check_issuer(const std::string& issuer) {
  const auto complaint = config::issuer_form(issuer);
  if (!complaint) return {};
  return Error{.code = Errc::usage,
               .message = text::format("--issuer {} {}", oauth::shown(issuer), complaint->what),
               .hint = complaint->hint};
}

}  // namespace mcpauth::cli
