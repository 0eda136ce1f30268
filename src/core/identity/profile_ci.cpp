// Pipelines. Their claims are chosen by whoever can push, so every group names its repository or
// project first: a branch `main` or an environment `production` exists in every repository of the
// world, and each of them can get a token of the same issuer.
#include <algorithm>
#include <optional>

#include "core/base/reason.hpp"
#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/identity/claims.hpp"
#include "core/identity/profile.hpp"

namespace mcpauth::identity {
namespace {

constexpr std::string_view kGithubHint =
    "send the token that GitHub Actions gives a job, not one of a person";
constexpr std::string_view kGitlabHint =
    "send the job's ID token (`id_tokens:`); for people who sign in with GitLab use preset generic";

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || text::is_digit(c) || c == '-' ||
           c == '_' || c == '.';
  });
}

// "a/b/c" with plain names: what may stand before a colon in a group.
bool is_path(std::string_view text) {
  return std::ranges::all_of(text::split(text, '/'), is_name);
}

Error bad_path(std::string_view claim, std::string_view value) {
  return refused(reason::kBadClaim,
                 text::format("claim `{}` is `{}`, which does not fit the token's other claims",
                              claim, value));
}

Result<void> check_owner(std::string_view owner, const Settings& idp) {
  const bool listed = std::ranges::any_of(idp.owners, [&](const std::string& each) {
    return owner == each || owner.starts_with(each + "/");
  });
  if (idp.owners.empty() || listed) return {};
  return refused(
      reason::kWrongTenant,
      text::format("the pipeline is of `{}`, which is not among the owners", owner),
      text::format("add it to `owners` of IdP `{}` if you trust its pipelines", idp.name));
}

struct Part {
  std::string_view kind;
  std::string_view claim;
};

// PREFIX:KIND:VALUE for each claim that is there. The value comes last, so whatever it holds stays
// within its kind.
Result<void> add_parts(const json::Value& claims, const std::string& prefix,
                       std::initializer_list<Part> parts, std::vector<std::string>& groups) {
  for (const auto& [kind, claim] : parts) {
    TRY(const auto value, text_claim(claims, claim));
    if (value) groups.push_back(text::format("{}:{}:{}", prefix, kind, *value));
  }
  return {};
}

// `true` and "true" both occur.
Result<bool> flag_claim(const json::Value& claims, std::string_view name) {
  const auto* value = find_claim(claims, name);
  if (value == nullptr) return false;
  if (const auto* flag = value->boolean()) return *flag;
  TRY(const auto text, text_claim(claims, name));
  if (text == "true" || text == "false") return text == "true";
  return refused(reason::kBadClaim, text::format("claim `{}` is neither true nor false", name));
}

struct Repository {
  std::string owner, path;
};

Result<Repository> github_repository(const json::Value& claims) {
  TRY(auto path, needed_claim(claims, "repository", kGithubHint));
  TRY(auto owner, needed_claim(claims, "repository_owner", kGithubHint));
  if (!is_name(owner)) return bad_path("repository_owner", owner);
  const std::string_view rest = std::string_view(path).substr(std::min(path.size(), owner.size()));
  if (!path.starts_with(owner) || !rest.starts_with('/') || !is_name(rest.substr(1))) {
    return bad_path("repository", path);
  }
  return Repository{std::move(owner), std::move(path)};
}

struct Project {
  std::string space, path;
};

Result<Project> gitlab_project(const json::Value& claims) {
  TRY(auto path, needed_claim(claims, "project_path", kGitlabHint));
  TRY(auto space, needed_claim(claims, "namespace_path", kGitlabHint));
  if (!is_path(space)) return bad_path("namespace_path", space);
  const std::string_view rest = std::string_view(path).substr(std::min(path.size(), space.size()));
  if (!path.starts_with(space) || !rest.starts_with('/') || !is_name(rest.substr(1))) {
    return bad_path("project_path", path);
  }
  return Project{std::move(space), std::move(path)};
}

// A run that a proposal set off executes, or is steered by, code that nobody has reviewed.
Result<bool> is_proposal(const json::Value& claims) {
  TRY(const auto event, text_claim(claims, "event_name"));
  TRY(const auto source, text_claim(claims, "pipeline_source"));
  TRY(const auto ref, text_claim(claims, "ref"));
  TRY(const auto ref_path, text_claim(claims, "ref_path"));
  return (event && event->starts_with("pull_request")) || (ref && ref->starts_with("refs/pull/")) ||
         (source && source->ends_with("merge_request_event")) ||
         (source && source->ends_with("pull_request_event")) ||
         (ref_path && ref_path->starts_with("refs/merge-requests/"));
}

// A tag must never stand for the branch of the same name.
Result<std::optional<std::string>> gitlab_ref(const json::Value& claims) {
  TRY(const auto ref, text_claim(claims, "ref"));
  TRY(const auto type, text_claim(claims, "ref_type"));
  if (!ref || !type) return std::nullopt;
  if (*type == "branch") return std::optional("refs/heads/" + *ref);
  if (*type == "tag") return std::optional("refs/tags/" + *ref);
  return std::nullopt;
}

}  // namespace

Result<void> check_github(const json::Value& claims, const Settings& idp) {
  TRY(const auto repository, github_repository(claims));
  return check_owner(repository.owner, idp);
}

Result<std::vector<std::string>> groups_github(const json::Value& claims) {
  TRY(const auto repository, github_repository(claims));
  const std::string repo = "repo:" + repository.path;
  const std::string owner = "owner:" + repository.owner;
  TRY(const bool proposal, is_proposal(claims));
  if (proposal) return std::vector{repo + ":pull_request"};
  std::vector groups{owner, repo};
  TRY_VOID(add_parts(
      claims, repo,
      {{"ref", "ref"}, {"environment", "environment"}, {"workflow", "job_workflow_ref"}}, groups));
  TRY_VOID(add_parts(claims, owner, {{"workflow", "job_workflow_ref"}}, groups));
  return groups;
}

Result<void> check_gitlab(const json::Value& claims, const Settings& idp) {
  TRY(const auto project, gitlab_project(claims));
  return check_owner(project.space, idp);
}

Result<std::vector<std::string>> groups_gitlab(const json::Value& claims) {
  TRY(const auto project, gitlab_project(claims));
  const std::string prefix = "project:" + project.path;
  TRY(const bool proposal, is_proposal(claims));
  if (proposal) return std::vector{prefix + ":merge_request"};
  std::vector<std::string> groups;
  for (auto end = project.space.find('/'); end != std::string::npos;
       end = project.space.find('/', end + 1)) {
    groups.push_back("namespace:" + project.space.substr(0, end));
  }
  groups.push_back("namespace:" + project.space);
  groups.push_back(prefix);
  TRY(const auto ref, gitlab_ref(claims));
  if (ref) groups.push_back(prefix + ":ref:" + *ref);
  TRY(const bool is_protected, flag_claim(claims, "ref_protected"));
  if (is_protected) groups.push_back(prefix + ":protected");
  TRY_VOID(
      add_parts(claims, prefix, {{"environment", "environment"}, {"user", "user_login"}}, groups));
  return groups;
}

}  // namespace mcpauth::identity
