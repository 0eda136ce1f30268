#include <algorithm>
#include <array>

#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/config/read.hpp"

namespace mcpauth::config {
namespace {

constexpr std::array<std::string_view, 5> kProviderPresets = {"github", "atlassian", "slack",
                                                              "google", "generic"};

// `deliver` is a word, or a table that names the header.
void read_delivery(Reader& reader, Provider& provider) {
  const auto* node = reader.find("deliver");
  if (node == nullptr) {
    reader.problem("deliver", text::format("{} needs `deliver`", reader.title()),
                   R"(write deliver = { header = "X-Name" }, "exchange" or "egress")");
    return;
  }
  if (const auto* table = node->table()) {
    static constexpr std::string_view kKeys[] = {"header"};
    const Section section{.notes = reader.notes(),
                          .table = *table,
                          .span = node->span,
                          .title = "`deliver`",
                          .path = text::format("provider.{}.deliver", provider.name)};
    Reader inner(section, kKeys);
    provider.delivery = Delivery::header;
    provider.delivery_header = inner.text("header", Need::required, header_form);
    return;
  }
  const auto* word = node->string();
  if (word != nullptr && (*word == "exchange" || *word == "egress")) {
    provider.delivery = *word == "egress" ? Delivery::egress : Delivery::exchange;
    reader.note("deliver", *word);
    return;
  }
  reader.problem("deliver", R"(`deliver` is not a header, "exchange" or "egress")");
}

void read_inject(Reader& reader, Route& route) {
  const auto* node = reader.find("inject");
  if (node == nullptr || node->table() == nullptr) {
    reader.problem(
        "inject",
        text::format("{} needs `inject`, which says how the secret is sent", reader.title()),
        R"(write inject = { header = "Authorization", format = "Bearer {secret}" })");
    return;
  }
  static constexpr std::string_view kKeys[] = {"header", "format"};
  const Section section{.notes = reader.notes(),
                        .table = *node->table(),
                        .span = node->span,
                        .title = "`inject`",
                        .path = text::format("egress.route.{}.inject", route.name)};
  Reader inner(section, kKeys);
  route.inject_header = inner.text("header", Need::required, header_form);
  route.inject_format = inner.text("format", Need::required, inject_format_form);
}

}  // namespace

Provider read_provider(const Section& section) {
  static constexpr std::string_view kKeys[] = {"name",   "preset",  "client_id", "client_secret",
                                               "scopes", "servers", "deliver"};
  Reader reader(section, kKeys);
  Provider provider;
  provider.name = reader.text("name", Need::required, name_form);
  provider.preset = reader.text("preset", Need::required);
  if (!provider.preset.empty() &&
      std::ranges::find(kProviderPresets, provider.preset) == kProviderPresets.end()) {
    const auto meant = text::did_you_mean(provider.preset, kProviderPresets);
    reader.problem("preset", text::format("unknown preset `{}`", provider.preset),
                   meant.empty() ? "the presets are " + text::join(kProviderPresets, ", ") : meant);
  }
  provider.client_id = reader.text("client_id", Need::required);
  provider.client_secret = reader.reference("client_secret", Need::optional);
  provider.scopes = reader.texts("scopes", Need::optional, scope_form);
  provider.servers = reader.texts("servers", Need::required, name_form);
  read_delivery(reader, provider);
  return provider;
}

Vault read_vault(const Section& section) {
  static constexpr std::string_view kKeys[] = {"store", "key"};
  Reader reader(section, kKeys);
  Vault vault;
  vault.store = reader.address("store", Need::required, "sqlite:", store_form);
  vault.key = reader.reference("key", Need::required);
  if (vault.key.starts_with("vault:")) {
    reader.problem("key", "`key` opens the vault, it cannot be in it", "write `file:PATH`");
  }
  return vault;
}

Route read_route(const Section& section) {
  static constexpr std::string_view kKeys[] = {"name",   "host",       "methods", "paths",
                                               "secret", "connection", "inject",  "requires"};
  Reader reader(section, kKeys);
  Route route;
  route.name = reader.text("name", Need::required, name_form);
  route.host = reader.text("host", Need::required, host_pattern_form);
  route.methods = reader.texts("methods", Need::required, method_form);
  route.paths = reader.texts("paths", Need::required, route_path_form);
  route.secret = reader.reference("secret", Need::optional);
  route.connection = reader.text("connection", Need::optional, name_form);
  read_inject(reader, route);
  route.required_scopes = reader.texts("requires", Need::required, scope_form);
  if (reader.has("secret") == reader.has("connection")) {
    reader.problem("secret",
                   text::format("{} needs either `secret` or `connection`", reader.title()),
                   "`secret` is the same for all callers, `connection` is the calling user's own");
  }
  return route;
}

}  // namespace mcpauth::config
