#include "core/identity/profile.hpp"

#include <algorithm>

#include "core/base/panic.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"
#include "core/identity/claims.hpp"

namespace mcpauth::identity {
namespace {

using policy::SubjectKind;

Result<SubjectKind> kind_workload(const json::Value&) {
  return SubjectKind::workload;
}

// RFC 9068 section 2.2: with client credentials `sub` is the client itself.
Result<SubjectKind> kind_by_client(const json::Value& claims, std::string_view client_claim) {
  TRY(const auto subject, text_claim(claims, "sub"));
  TRY(const auto client, text_claim(claims, client_claim));
  return subject && client && *subject == *client ? SubjectKind::workload : SubjectKind::user;
}

Result<SubjectKind> kind_okta(const json::Value& claims) {
  return kind_by_client(claims, "cid");
}

Result<SubjectKind> kind_generic(const json::Value& claims) {
  return kind_by_client(claims, "client_id");
}

constexpr Profile kProfiles[] = {
    {Preset::generic,
     "generic",
     {"sub"},
     {"client_id", "azp"},
     "groups",
     nullptr,
     kind_generic,
     nullptr},
    {Preset::okta, "okta", {"uid", "sub"}, {"cid", "azp"}, "groups", nullptr, kind_okta, nullptr},
    {Preset::entra, "entra", {"oid"}, {"azp", "appid"}, "groups", check_entra, kind_entra, nullptr},
    {Preset::google, "google", {"sub"}, {"azp"}, "", check_google, nullptr, groups_google},
    {Preset::keycloak,
     "keycloak",
     {"sub"},
     {"azp", "client_id"},
     "",
     check_keycloak,
     kind_keycloak,
     groups_keycloak},
    {Preset::github_actions,
     "github-actions",
     {"sub"},
     {},
     "",
     check_github,
     kind_workload,
     groups_github},
    {Preset::gitlab, "gitlab", {"sub"}, {}, "", check_gitlab, kind_workload, groups_gitlab},
};

}  // namespace

const Profile& profile(Preset preset) {
  const auto* found = std::ranges::find(kProfiles, preset, &Profile::preset);
  if (found == std::end(kProfiles)) panic("a preset without a profile");
  return *found;
}

std::string_view name(Preset preset) {
  return profile(preset).name;
}

bool is_pipeline(Preset preset) {
  return preset == Preset::github_actions || preset == Preset::gitlab;
}

Result<Preset> preset_named(std::string_view name) {
  const auto* found = std::ranges::find(kProfiles, name, &Profile::name);
  if (found != std::end(kProfiles)) return found->preset;
  std::vector<std::string_view> known;
  for (const auto& each : kProfiles)
    known.push_back(each.name);
  const auto meant = text::did_you_mean(name, known);
  return Error{.code = Errc::config,
               .message = text::format("unknown preset `{}`", name),
               .hint = meant.empty() ? "the presets are " + text::join(known, ", ") : meant};
}

}  // namespace mcpauth::identity
