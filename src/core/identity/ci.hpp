#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/secret.hpp"
#include "core/http/client.hpp"

namespace mcpauth::identity {

/// The pipeline that this process runs in.
enum class Ci { github_actions, gitlab };

std::string_view name(Ci ci);  ///< "github", "gitlab": as `--subject-token` names it

/// The value of an environment variable, or nothing.
using Variables = std::function<std::optional<std::string>(std::string_view)>;

/// Which CI this is, by GITHUB_ACTIONS and GITLAB_CI; nothing elsewhere.
std::optional<Ci> detect(const Variables& variable);

struct CiRequest {
  std::string audience = {};                         ///< what GitHub is asked for
  std::string gitlab_variable = "MCPAUTH_ID_TOKEN";  ///< the name under `id_tokens:`
  bool allow_loopback = false;                       ///< http://127.0.0.1, for tests of pipelines
};

/// The pipeline's own OIDC token. GitHub is asked for one with `audience`; GitLab puts one into the
/// environment. Where the job may not have one, Errc::config says which lines its definition needs.
Result<Secret> ci_token(Ci ci, const CiRequest& request, const Variables& variable,
                        http::Client& http);

}  // namespace mcpauth::identity
