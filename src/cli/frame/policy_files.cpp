#include "cli/frame/policy_files.hpp"

#include "cli/frame/file_suggestion.hpp"
#include "cli/frame/settings.hpp"
#include "cli/frame/sources.hpp"
#include "cli/frame/verbose.hpp"
#include "core/codec/base64url.hpp"
#include "core/codec/format.hpp"
#include "core/crypto/digest.hpp"

namespace mcpauth::cli {

Result<std::string> policy_file(const std::string& given, Env& env) {
  if (!given.empty()) return given;
  TRY(const auto config, load_settings(env));
  auto file = config.policy ? config.policy->string() : std::string("rbac.toml");
  std::error_code failed;
  if (std::filesystem::exists(file, failed) || failed) return file;
  return Error{.code = Errc::not_found,
               .message = text::format("there is no policy `{}`", file),
               .hint = config.policy ? "[policy] file names it: see `mcpauth config show --origin`"
                                     : "name another on the command line or as [policy] file in "
                                       "mcpauth.toml, or begin with a copy of one of "
                                       "examples/policies"};
}

Result<std::vector<std::string>> policy_paths(std::vector<std::string> given, Env& env) {
  if (given.empty()) {
    TRY(auto file, policy_file("", env));
    given.push_back(std::move(file));
  }
  for (auto& file : given) {
    std::error_code failed;
    if (file != "-" && std::filesystem::is_directory(file, failed)) {
      file = (std::filesystem::path(file) / "rbac.toml").string();
    }
  }
  return given;
}

Result<policy::Reading> read_policy(const std::string& file, Env& env) {
  if (file != "-") {
    auto reading = policy::read(std::filesystem::path(file));
    if (!reading) return with_file_suggestion(std::move(reading).error(), file);
    return reading;
  }
  TRY(const auto text, read_input("-", env, policy::PolicyLimits{}.bytes));
  const auto none = [](const std::filesystem::path& included) -> Result<std::string> {
    return Error{
        .code = Errc::config,
        .message = text::format("a policy on stdin cannot include `{}`", included.string()),
        .hint = "give the policy as a file"};
  };
  return policy::read(text, "-", none);
}

Result<policy::Engine> load_policy(const std::string& given, Env& env) {
  TRY(const auto file, policy_file(given, env));
  TRY(auto reading, read_policy(file, env));
  TRY(auto policy, policy::usable(std::move(reading)));
  log_policy(policy, env);
  return policy::Engine(std::move(policy));
}

std::string digest_of(const std::vector<policy::Source>& sources) {
  const auto digest = [](std::string_view text) {
    return base64url::encode(crypto::sha256(bytes_of(text)));
  };
  if (sources.size() == 1) return digest(sources.front().text);
  std::string all;
  for (const auto& source : sources)
    all += digest(source.file) + digest(source.text);
  return digest(all);
}

}  // namespace mcpauth::cli
