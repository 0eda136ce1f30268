#include "unit/core/identity/support.hpp"

namespace mcpauth::identity {
namespace {

constexpr std::string_view kGithub = R"({
  "jti": "example-id", "sub": "repo:acme/app:environment:prod", "aud": "api://mcpauth",
  "iss": "https://token.actions.githubusercontent.com", "ref": "refs/heads/main",
  "sha": "cafe", "repository": "acme/app", "repository_owner": "acme", "actor_id": "12",
  "repository_id": "74", "repository_owner_id": "65", "run_id": "1", "run_number": "10",
  "run_attempt": "2", "runner_environment": "github-hosted", "actor": "octo",
  "workflow": "deploy", "head_ref": "", "base_ref": "", "event_name": "push",
  "ref_type": "branch", "environment": "prod",
  "job_workflow_ref": "acme/shared/.github/workflows/deploy.yml@refs/heads/main",
  "nbf": 1800000000, "exp": 1800000900, "iat": 1800000000})";

Settings github() {
  return {.name = "gh",
          .preset = Preset::github_actions,
          .issuer = "https://token.actions.githubusercontent.com",
          .audience = {"api://mcpauth"},
          .org_id = "acme",
          .owners = {"acme"}};
}

TEST_CASE("identity/github: a job is a workload and its groups name the repository first") {
  const auto principal = principal_of(claims_of(kGithub), github());
  CHECK(principal.kind == policy::SubjectKind::workload);
  CHECK(principal.subject == "repo:acme/app:environment:prod");
  CHECK(principal.groups ==
        Names{"gh:owner:acme", "gh:repo:acme/app", "gh:repo:acme/app:ref:refs/heads/main",
              "gh:repo:acme/app:environment:prod",
              "gh:repo:acme/app:workflow:acme/shared/.github/workflows/deploy.yml@refs/heads/main",
              "gh:owner:acme:workflow:acme/shared/.github/workflows/deploy.yml@refs/heads/main"});
}

TEST_CASE("identity/github: what a job does not have gives no group") {
  auto claims = changed(kGithub, "environment", "");
  claims.object()->set("job_workflow_ref", nullptr);
  CHECK(principal_of(claims, github()).groups ==
        Names{"gh:owner:acme", "gh:repo:acme/app", "gh:repo:acme/app:ref:refs/heads/main"});
}

TEST_CASE("identity/github: a run on a pull request holds one group of its own only") {
  for (const auto* event :
       {R"("pull_request")", R"("pull_request_target")", R"("pull_request_review")"}) {
    CAPTURE(event);
    CHECK(principal_of(changed(kGithub, "event_name", event), github()).groups ==
          Names{"gh:repo:acme/app:pull_request"});
  }
  CHECK(principal_of(changed(kGithub, "ref", R"("refs/pull/27/merge")"), github()).groups ==
        Names{"gh:repo:acme/app:pull_request"});
}

TEST_CASE("identity/github: separators in a claim forge no other group") {
  // A branch or environment may be called anything; it stays at the end of its own kind.
  const auto principal = principal_of(
      changed(kGithub, "environment", R"("x:ref:refs/heads/main repo:acme/secret")"), github());
  CHECK(has(principal, "gh:repo:acme/app:environment:x:ref:refs/heads/main repo:acme/secret"));
  CHECK(!has(principal, "gh:repo:acme/secret"));
  CHECK(principal.groups.size() == 6);
  for (const auto* forged :
       {R"("acme/app:ref:refs/heads/main")", R"("acme/a/b")", R"("acme/")", R"("acmeevil/app")",
        R"("evil/app")", R"("acme")", R"("/app")", R"("acme/a b")", R"("acme/\u0430pp")"}) {
    CAPTURE(forged);
    CHECK(reason_of(changed(kGithub, "repository", forged), github()) == reason::kBadClaim);
  }
  CHECK(reason_of(changed(kGithub, "repository_owner", R"("acme:x")"), github()) ==
        reason::kBadClaim);
}

TEST_CASE("identity/github: a repository of somebody else does not come in") {
  auto claims = changed(kGithub, "repository_owner", R"("evil")");
  claims.object()->set("repository", "evil/app");
  const auto error = refusal_of(claims, github());
  CHECK(error.reason == reason::kWrongTenant);
  CHECK(error.hint.find("`owners`") != std::string::npos);
  claims.object()->set("repository_owner", "acme2");
  claims.object()->set("repository", "acme2/app");
  CHECK(reason_of(claims, github()) == reason::kWrongTenant);
  claims.object()->set("repository_owner", "Acme");
  claims.object()->set("repository", "Acme/app");
  CHECK(reason_of(claims, github()) == reason::kWrongTenant);
}

TEST_CASE("identity/github: the owner can be the organisation") {
  auto idp = github();
  idp.org_id.clear();
  idp.owners.clear();
  idp.org_claim = "repository_owner";
  CHECK(principal_of(claims_of(kGithub), idp).org == "acme");
}

TEST_CASE("identity/github: a token without a repository is not a job's") {
  CHECK(reason_of(changed(kGithub, "repository", ""), github()) == reason::kMissingClaim);
  CHECK(reason_of(changed(kGithub, "repository_owner", ""), github()) == reason::kMissingClaim);
  CHECK(reason_of(changed(kGithub, "ref", "7"), github()) == reason::kBadClaim);
  CHECK(reason_of(changed(kGithub, "environment", R"("a\nb")"), github()) == reason::kBadClaim);
}

constexpr std::string_view kGitlab = R"({
  "namespace_id": "72", "namespace_path": "acme/platform", "project_id": "20",
  "project_path": "acme/platform/app", "user_id": "1", "user_login": "jane",
  "user_email": "jane@acme.example", "user_access_level": "developer", "pipeline_id": "574",
  "pipeline_source": "push", "job_id": "302", "ref": "main", "ref_type": "branch",
  "ref_path": "refs/heads/main", "ref_protected": "true", "environment": "prod",
  "environment_protected": "false", "runner_id": 1, "sha": "cafe", "jti": "j",
  "iss": "https://gitlab.acme.example", "iat": 1800000000, "nbf": 1799999995, "exp": 1800003600,
  "sub": "project_path:acme/platform/app:ref_type:branch:ref:main", "aud": "api://mcpauth"})";

Settings gitlab() {
  return {.name = "gl",
          .preset = Preset::gitlab,
          .issuer = "https://gitlab.acme.example",
          .audience = {"api://mcpauth"},
          .org_id = "acme"};
}

TEST_CASE("identity/gitlab: a job's groups are its namespaces, project, ref and environment") {
  const auto principal = principal_of(claims_of(kGitlab), gitlab());
  CHECK(principal.kind == policy::SubjectKind::workload);
  CHECK(principal.subject == "project_path:acme/platform/app:ref_type:branch:ref:main");
  CHECK(principal.groups == Names{"gl:namespace:acme", "gl:namespace:acme/platform",
                                  "gl:project:acme/platform/app",
                                  "gl:project:acme/platform/app:ref:refs/heads/main",
                                  "gl:project:acme/platform/app:protected",
                                  "gl:project:acme/platform/app:environment:prod",
                                  "gl:project:acme/platform/app:user:jane"});
}

TEST_CASE("identity/gitlab: a tag does not stand for the branch of its name") {
  const auto tag = principal_of(changed(kGitlab, "ref_type", R"("tag")"), gitlab());
  CHECK(has(tag, "gl:project:acme/platform/app:ref:refs/tags/main"));
  CHECK(!has(tag, "gl:project:acme/platform/app:ref:refs/heads/main"));
}

TEST_CASE("identity/gitlab: only a protected ref is protected") {
  for (const auto* value : {R"("false")", "false", ""}) {
    CAPTURE(value);
    CHECK(!has(principal_of(changed(kGitlab, "ref_protected", value), gitlab()),
               "gl:project:acme/platform/app:protected"));
  }
  CHECK(has(principal_of(changed(kGitlab, "ref_protected", "true"), gitlab()),
            "gl:project:acme/platform/app:protected"));
  for (const auto* bad : {R"("yes")", "1", R"("TRUE")"}) {
    CAPTURE(bad);
    CHECK(reason_of(changed(kGitlab, "ref_protected", bad), gitlab()) == reason::kBadClaim);
  }
}

TEST_CASE("identity/gitlab: a merge request's pipeline holds one group of its own only") {
  for (const auto* source : {R"("merge_request_event")", R"("external_pull_request_event")"}) {
    CAPTURE(source);
    CHECK(principal_of(changed(kGitlab, "pipeline_source", source), gitlab()).groups ==
          Names{"gl:project:acme/platform/app:merge_request"});
  }
  CHECK(principal_of(changed(kGitlab, "ref_path", R"("refs/merge-requests/4/head")"), gitlab())
            .groups == Names{"gl:project:acme/platform/app:merge_request"});
}

TEST_CASE("identity/gitlab: paths that do not fit each other or hold separators are refused") {
  for (const auto* bad : {R"("acme/platform/app:ref:refs/heads/main")", R"("acme/platform/a/b")",
                          R"("acme/app")", R"("acme/platformx/app")", R"("acme/platform")"}) {
    CAPTURE(bad);
    CHECK(reason_of(changed(kGitlab, "project_path", bad), gitlab()) == reason::kBadClaim);
  }
  for (const auto* bad : {R"("acme//platform")", R"("acme:platform")", R"("/acme")"}) {
    CAPTURE(bad);
    CHECK(reason_of(changed(kGitlab, "namespace_path", bad), gitlab()) == reason::kBadClaim);
  }
}

TEST_CASE("identity/gitlab: owners are whole path segments") {
  auto idp = gitlab();
  for (const auto* good : {"acme", "acme/platform"}) {
    CAPTURE(good);
    idp.owners = {good};
    CHECK(principal_of(claims_of(kGitlab), idp).org == "acme");
  }
  for (const auto* other : {"acm", "acme/plat", "platform", "acme/platform/app"}) {
    CAPTURE(other);
    idp.owners = {other};
    CHECK(reason_of(claims_of(kGitlab), idp) == reason::kWrongTenant);
  }
}

TEST_CASE("identity/gitlab: a person's token is not a job's and the hint says which preset is") {
  const auto error = refusal_of(
      claims_of(R"({"sub": "7", "aud": "api://mcpauth", "groups_direct": ["acme"]})"), gitlab());
  CHECK(error.reason == reason::kMissingClaim);
  CHECK(error.hint.find("generic") != std::string::npos);
}

TEST_CASE("identity/gitlab: a job's token is not a person's, whatever preset reads it") {
  auto idp = gitlab();
  for (const auto preset : {Preset::generic, Preset::okta, Preset::keycloak}) {
    idp.preset = preset;
    const auto error = refusal_of(claims_of(kGitlab), idp);
    CHECK(error.reason == reason::kWrongType);
    CHECK(error.hint.find("preset gitlab") != std::string::npos);
    for (const auto* either : {"pipeline_id", "job_id"})
      CHECK(reason_of(changed(kGitlab, either, ""), idp) == reason::kWrongType);
  }
  // Another IdP may have a claim of such a name.
  idp.preset = Preset::generic;
  for (const auto* name : {"project_path", "pipeline_id", "job_id"}) {
    const json::Object claims{{"sub", "jane"}, {name, "12"}};
    CHECK(principal_of(claims, idp).subject == "jane");
  }
}

}  // namespace
}  // namespace mcpauth::identity
