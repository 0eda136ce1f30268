#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "cli/frame/audit_log.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/settings.hpp"
#include "core/audit/log/writer_lock.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"
#include "core/identity/issuer_keys.hpp"
#include "core/keys/plan.hpp"
#include "core/keys/ring.hpp"
#include "core/policy/engine/load.hpp"

namespace mcpauth::cli {
namespace {

enum class Health { ok, warn, fail };

struct Finding {
  Health health;
  std::string about;
  std::string says;
  std::string hint = {};
};

struct Options {
  bool offline = false;
};

std::string_view name(Health health) {
  switch (health) {
    case Health::ok:
      return "ok";
    case Health::warn:
      return "warn";
    case Health::fail:
      break;
  }
  return "fail";
}

Finding failure(std::string about, const Error& error) {
  return {Health::fail, std::move(about), error.message, error.hint};
}

Finding check_clock(Instant now) {
  // No run can be before the release. A machine that lost its time is off by decades.
  constexpr Instant kRelease = std::chrono::sys_days{std::chrono::year{2026} / 11 / 1};
  if (now >= kRelease) return {Health::ok, "clock", time::format_instant(now)};
  return {Health::fail, "clock",
          text::format("it is {}, before this release", time::format_instant(now)),
          "set the clock, or tokens are refused or live too long"};
}

Finding check_keys(const std::filesystem::path& directory, Instant now) {
  const auto ring = keys::Ring::open(directory);
  if (!ring) return failure("keys", ring.error());
  const auto key = ring->active_key();
  if (!key) return failure("keys", key.error());
  if (const auto ahead = keys::ahead_of_clock(ring->entries(), now); !ahead.empty()) {
    const auto& kid = ahead.front()->kid;
    return {
        Health::fail, "keys",
        text::format("the key `{}` has a time that is ahead of the clock", kid),
        text::format("set the clock, or, if the clock was wrong when the key was made, run `{}`",
                     keys::retire_command(kid))};
  }
  if (!ring->leftovers().empty()) {
    return {Health::warn, "keys", "a change was interrupted and left files behind",
            text::format("mcpauth keys rotate --keys {}", directory.string())};
  }
  return {Health::ok, "keys",
          text::format("`{}` signs, {} in the ring", key->kid,
                       text::count_of(ring->entries().size(), "key"))};
}

Finding check_policy(const std::filesystem::path& file) {
  const auto policy = policy::load(file);
  if (!policy) return failure("policy", policy.error());
  return {Health::ok, "policy",
          text::format("{}, {}", text::count_of(policy->roles.size(), "role"),
                       text::count_of(policy->grants.size(), "grant"))};
}

/// Opens the log as minting does, and then checks what minting accepts. A process that writes the
/// log at this moment proves that it can be written.
Finding check_log(const config::Audit& audit, Env& env) {
  const auto& file = audit.file;
  struct stat info{};
  if (::stat(file.c_str(), &info) != 0) return {Health::ok, "audit", file.string()};
  if (const long pid = audit::WriterLock::holder(file); pid != 0) {
    return {Health::ok, "audit", text::format("{}, written by process {}", file.string(), pid)};
  }
  config::Config only;
  only.audit = audit;
  const auto log = AuditLog::open(only, env);
  if (!log) return failure("audit", log.error());
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  struct stat place{};
  const bool open_folder =
      ::stat(folder.c_str(), &place) == 0 && (place.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  if (open_folder) {
    return {Health::warn, "audit", text::format("others can write in `{}`", folder.string()),
            text::format("chmod go-w {}", folder.string())};
  }
  if ((info.st_mode & (S_IRGRP | S_IROTH)) == 0) return {Health::ok, "audit", file.string()};
  return {Health::warn, "audit", text::format("others can read `{}`", file.string()),
          text::format("chmod 600 {}", file.string())};
}

Finding check_audit(const config::Audit& audit, Env& env) {
  const auto& file = audit.file;
  std::error_code ignored;
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const auto& touched = std::filesystem::exists(file, ignored) ? file : folder;
  if (::access(touched.c_str(), W_OK) == 0) return check_log(audit, env);
  return {Health::fail, "audit", text::format("`{}` cannot be written", touched.string()),
          "nothing is minted while the audit log cannot be written"};
}

Finding check_idp(const identity::Settings& idp, Env& env) {
  const auto about = text::format("idp {}", idp.name);
  const auto keys = identity::keys_of(idp, env.http(), *env.clock)->keys();
  if (!keys) return failure(about, keys.error());
  return {Health::ok, about,
          text::format("{} at {}", text::count_of((*keys)->keys().size(), "key"), idp.issuer)};
}

std::vector<Finding> examine(const Options& options, Env& env) {
  std::vector<Finding> findings = {check_clock(env.now())};
  const auto config = load_settings(env);
  if (!config) {
    findings.push_back(failure("config", config.error()));
    findings.back().hint = "mcpauth config check";
    return findings;
  }
  if (config->file.empty()) {
    findings.push_back({Health::warn, "config", "no configuration file is in force",
                        "write mcpauth.toml, or name it with -C FILE"});
  } else {
    findings.push_back({Health::ok, "config", config->file});
  }
  if (config->issuer) findings.push_back(check_keys(config->issuer->keys, env.now()));
  if (config->policy) findings.push_back(check_policy(*config->policy));
  if (config->audit) findings.push_back(check_audit(*config->audit, env));
  for (const auto& idp : config->idps) {
    if (!options.offline) findings.push_back(check_idp(idp, env));
  }
  return findings;
}

void print_text(const std::vector<Finding>& findings, Env& env) {
  for (const auto& finding : findings) {
    env.out << text::format("{:<4}  {}: {}\n", name(finding.health), text::printable(finding.about),
                            for_reader(finding.says));
    if (!finding.hint.empty()) env.out << "      try: " << for_reader(finding.hint) << '\n';
  }
}

json::Value as_json(const std::vector<Finding>& findings, bool healthy) {
  json::Array checks;
  for (const auto& finding : findings) {
    checks.emplace_back(json::Object{{"about", finding.about},
                                     {"status", name(finding.health)},
                                     {"message", text::shortened(finding.says)},
                                     {"hint", text::shortened(finding.hint)}});
  }
  return json::Object{
      {"schema", "mcpauth.doctor/1"}, {"healthy", healthy}, {"checks", std::move(checks)}};
}

Result<Exit> run_checks(const Options& options, Env& env) {
  const auto findings = examine(options, env);
  const bool healthy = std::ranges::none_of(
      findings, [](const Finding& finding) { return finding.health == Health::fail; });
  if (env.globals.json) {
    print_json(env, as_json(findings, healthy));
  } else {
    print_text(findings, env);
  }
  return healthy ? Exit::ok : Exit::no;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.flag("--offline", "Contact no identity provider", options->offline);
  return [options](Env& env) { return run_checks(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth doctor", "check what the configuration in force needs"},
    {"mcpauth doctor --offline", "the same without the network"},
    {"mcpauth doctor --json -C /etc/mcpauth.toml", "check one configuration from a monitor"},
};

}  // namespace

extern const Command kDoctor;
constinit const Command kDoctor = {
    .path = "doctor",
    .summary = "Check the configuration and everything it needs",
    .description =
        "Checks the clock, the configuration, the key ring and its permissions, the policy, the "
        "audit log and, over the network, the keys of each identity provider. Prints a line for "
        "each: ok, warn or fail, and what to do about it. Exits 1 when a check fails.\n\n"
        "Changes nothing.",
    .examples = kExamples,
    .exits = "0 1 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
