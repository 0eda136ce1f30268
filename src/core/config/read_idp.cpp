#include <algorithm>

#include "core/codec/ascii.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/codec/url.hpp"
#include "core/config/read.hpp"

namespace mcpauth::config {
namespace {

using identity::Preset;

// The issuer that a preset implies; empty when it must be given.
std::string_view usual_issuer(Preset preset) {
  switch (preset) {
    case Preset::google:
      return "https://accounts.google.com";
    case Preset::github_actions:
      return "https://token.actions.githubusercontent.com";
    case Preset::gitlab:
      return "https://gitlab.com";
    case Preset::generic:
    case Preset::okta:
    case Preset::entra:
    case Preset::keycloak:
      return {};
  }
  return {};
}

Preset read_preset(Reader& reader) {
  const auto name = reader.text("preset", Need::required);
  if (name.empty()) return Preset::generic;
  auto preset = identity::preset_named(name);
  if (preset) return *preset;
  reader.problem("preset", preset.error().message, preset.error().hint);
  return Preset::generic;
}

bool is_guid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool hex = text::is_digit(c) || (c >= 'a' && c <= 'f');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

void check_org(Reader& reader) {
  const bool fixed = reader.has("org_id");
  const bool claimed = reader.has("org_claim");
  if (fixed == claimed) {
    reader.problem(
        fixed ? "org_claim" : "org_id",
        text::format("{} has {}", reader.title(),
                     fixed ? "both `org_id` and `org_claim`" : "neither `org_id` nor `org_claim`"),
        "every principal belongs to one organisation: set exactly one of them");
  }
}

// Anybody in the world can get a token from some issuers. There the file must say who may come in.
void check_reach(Reader& reader, const identity::Settings& idp) {
  const bool open_ci = idp.preset == Preset::github_actions ||
                       (idp.preset == Preset::gitlab && idp.issuer == "https://gitlab.com");
  if (open_ci && !reader.has("owners") && !reader.has("org_claim")) {
    reader.problem("owners", text::format("{} lets in everybody's pipelines", reader.title()),
                   R"(say whose pipelines may come in: owners = ["your-organisation"])");
  }
  if (!identity::is_pipeline(idp.preset) && reader.has("owners")) {
    reader.problem("owners", "`owners` is for the presets github-actions and gitlab");
  }
  const bool google = idp.preset == Preset::google;
  if (google && !reader.has("hosted_domain") && idp.org_claim != "hd") {
    reader.problem("hosted_domain",
                   text::format("{} lets in every Google Workspace domain", reader.title()),
                   R"(set hosted_domain = "example.com", or org_claim = "hd" for several domains)");
  }
  if (!google && reader.has("hosted_domain")) {
    reader.problem("hosted_domain", "`hosted_domain` is for the preset google");
  }
}

void check_entra_tenant(Reader& reader, const identity::Settings& idp) {
  if (idp.preset != Preset::entra || idp.issuer.empty()) return;
  const auto parts = text::split(idp.issuer, '/');
  if (parts.size() > 3 && is_guid(parts[3])) return;
  reader.problem("issuer", "`issuer` does not name one tenant by its id",
                 "write `https://login.microsoftonline.com/TENANT-ID/v2.0`, or "
                 "`https://sts.windows.net/TENANT-ID/` for v1.0 tokens");
}

bool is_loopback(std::string_view text) {
  const auto url = Url::parse(text);
  return url && url->is_loopback();
}

}  // namespace

identity::Settings read_idp(const Section& section) {
  static constexpr std::string_view kKeys[] = {
      "name",      "preset",       "issuer",        "audience",      "org_id",
      "org_claim", "groups_claim", "subject_claim", "hosted_domain", "owners",
      "jwks_uri",  "networks",     "client_id",     "client_secret"};
  Reader reader(section, kKeys);
  identity::Settings idp;
  idp.name = reader.text("name", Need::required, name_form);
  idp.preset = read_preset(reader);
  const auto usual = usual_issuer(idp.preset);
  idp.issuer = usual.empty() ? reader.text("issuer", Need::required, issuer_form)
                             : reader.text_or("issuer", usual, issuer_form);
  idp.audience = reader.texts("audience", Need::required);
  idp.org_id = reader.text("org_id", Need::optional, org_form);
  idp.org_claim = reader.text("org_claim", Need::optional);
  idp.groups_claim = reader.text("groups_claim", Need::optional);
  idp.subject_claim = reader.text("subject_claim", Need::optional);
  idp.hosted_domain = reader.text("hosted_domain", Need::optional, domain_form);
  idp.owners = reader.texts("owners", Need::optional, owner_form);
  idp.jwks_uri = reader.text("jwks_uri", Need::optional, key_url_form);
  for (const auto& cidr : reader.texts("networks", Need::optional, network_form)) {
    if (auto network = http::Network::parse(cidr)) idp.reach.networks.push_back(*network);
  }
  idp.client_id = reader.text("client_id", Need::optional);
  idp.client_secret = reader.reference("client_secret", Need::optional);
  if (reader.has("client_secret") && !reader.has("client_id")) {
    reader.problem("client_secret",
                   text::format("{} has a `client_secret` without `client_id`", reader.title()));
  }
  check_org(reader);
  check_reach(reader, idp);
  check_entra_tenant(reader, idp);
  // A loopback address in the configuration is meant to be reached.
  idp.reach.loopback = is_loopback(idp.issuer) || is_loopback(idp.jwks_uri);
  return idp;
}

}  // namespace mcpauth::config
