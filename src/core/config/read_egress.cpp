#include <algorithm>
#include <array>

#include "core/codec/text.hpp"
#include "core/config/read.hpp"

namespace mcpauth::config {
namespace {

constexpr std::array<std::string_view, 5> kProviderPresets = {"github", "atlassian", "slack",
                                                              "google", "generic"};

// `deliver` is a word, or a table that names the header.
void read_delivery(Reader& reader, Provider& provider) {
  const auto* node = reader.node("deliver");
  if (node == nullptr) {
    reader.problem("deliver", reader.title() + " has no `deliver`",
                   R"(write deliver = { header = "X-Name" }, "exchange" or "egress")");
    return;
  }
  if (const auto* table = node->table()) {
    Reader inner(reader.notes(), *table, node->span, "`deliver`",
                 "provider." + provider.name + ".deliver");
    provider.delivery = Delivery::header;
    provider.delivery_header = inner.text("header", Need::required, header_form);
    inner.finish();
    return;
  }
  const auto* word = node->string();
  if (word != nullptr && (*word == "exchange" || *word == "egress")) {
    provider.delivery = *word == "egress" ? Delivery::egress : Delivery::exchange;
    reader.note("deliver", *word);
    return;
  }
  reader.problem("deliver", R"(`deliver` is neither a header, "exchange" nor "egress")");
}

void read_inject(Reader& reader, Route& route) {
  const auto* node = reader.node("inject");
  if (node == nullptr || node->table() == nullptr) {
    reader.problem("inject", reader.title() + " does not say how to inject the secret",
                   R"(write inject = { header = "Authorization", format = "Bearer {secret}" })");
    return;
  }
  Reader inner(reader.notes(), *node->table(), node->span, "`inject`",
               "egress.route." + route.name + ".inject");
  route.inject_header = inner.text("header", Need::required, header_form);
  route.inject_format = inner.text("format", Need::required, inject_format_form);
  inner.finish();
}

}  // namespace

Provider read_provider(Reader& reader) {
  Provider provider;
  provider.name = reader.text("name", Need::required, name_form);
  provider.preset = reader.text("preset", Need::required);
  if (!provider.preset.empty() &&
      std::ranges::find(kProviderPresets, provider.preset) == kProviderPresets.end()) {
    const auto meant = text::did_you_mean(provider.preset, kProviderPresets);
    reader.problem(
        "preset", "unknown preset `" + provider.preset + "`",
        meant.empty() ? "the presets are github, atlassian, slack, google, generic" : meant);
  }
  provider.client_id = reader.text("client_id", Need::required);
  provider.client_secret = reader.reference("client_secret", Need::optional);
  provider.scopes = reader.texts("scopes", Need::optional, scope_form);
  provider.servers = reader.texts("servers", Need::required, name_form);
  read_delivery(reader, provider);
  reader.finish();
  return provider;
}

Vault read_vault(Reader& reader) {
  Vault vault;
  vault.store = reader.address("store", Need::required, "sqlite:", store_form);
  vault.key = reader.reference("key", Need::required);
  if (vault.key.starts_with("vault:")) {
    reader.problem("key", "`key` opens the vault, it cannot be in it", "write `file:PATH`");
  }
  reader.finish();
  return vault;
}

std::string read_egress_listen(Reader& reader) {
  return reader.address("listen", Need::required, "unix:", egress_listen_form);
}

Route read_route(Reader& reader) {
  Route route;
  route.name = reader.text("name", Need::required, name_form);
  route.host = reader.text("host", Need::required, host_pattern_form);
  route.methods = reader.texts("methods", Need::required, method_form);
  route.paths = reader.texts("paths", Need::required, route_path_form);
  route.secret = reader.reference("secret", Need::optional);
  route.connection = reader.text("connection", Need::optional, name_form);
  read_inject(reader, route);
  route.required_scopes = reader.texts("requires", Need::required, scope_form);
  reader.finish();
  if (reader.has("secret") == reader.has("connection")) {
    reader.problem("secret", reader.title() + " must have one of `secret` and `connection`",
                   "`secret` is the same for all callers, `connection` the calling user's own");
  }
  return route;
}

}  // namespace mcpauth::config
