#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "core/base/file.hpp"
#include "core/codec/format.hpp"
#include "core/config/read.hpp"

namespace mcpauth::config {
namespace {

constexpr std::array<std::string_view, 4> kLists = {"idp", "server", "provider", "egress.route"};

// Reads the table of this name, if the file has it.
template <class T>
std::optional<T> read_table(Reader& root, std::string_view key, T (*read)(const Section&)) {
  const auto* node = root.find(key);
  if (node == nullptr) return std::nullopt;
  auto title = text::format("[{}]", key);
  if (node->table() == nullptr) {
    root.problem(key, text::format("`{}` must be one table, {}", key, title));
    return std::nullopt;
  }
  return read({.notes = root.notes(),
               .table = *node->table(),
               .span = node->span,
               .title = std::move(title),
               .path = std::string(key)});
}

// What the settings call an entry of a list: its name, or else its number.
std::string label(const toml::Table& table, std::size_t index) {
  const auto* name = table.find("name");
  const bool named = name != nullptr && name->string() != nullptr && !name_form(*name->string());
  return named ? *name->string() : std::to_string(index + 1);
}

// Reads every [[key]]. `path` is the key with the tables it is in.
template <class T>
std::vector<T> read_list(Reader& parent, std::string_view key, std::string_view path,
                         T (*read)(const Section&)) {
  std::vector<T> list;
  const auto* node = parent.find(key);
  if (node == nullptr) return list;
  if (node->array() == nullptr) {
    parent.problem(key, text::format("`{0}` must be a list of tables, each under [[{0}]]", path),
                   toml::two_brackets(path));
    return list;
  }
  for (std::size_t i = 0; i < node->array()->size(); ++i) {
    const auto& item = (*node->array())[i];
    if (item.table() == nullptr) {
      parent.notes().problems.add(
          item.span, text::format("`{0}` must hold only tables, each under [[{0}]]", path));
      continue;
    }
    const auto called = label(*item.table(), i);
    list.push_back(read({.notes = parent.notes(),
                         .table = *item.table(),
                         .span = item.span,
                         .title = text::format("[[{}]] `{}`", path, called),
                         .path = text::format("{}.{}", path, called)}));
  }
  return list;
}

std::filesystem::path read_policy(const Section& section) {
  static constexpr std::string_view kKeys[] = {"file"};
  return Reader(section, kKeys).path("file", Need::required);
}

Egress read_egress(const Section& section) {
  static constexpr std::string_view kKeys[] = {"listen", "route"};
  Reader reader(section, kKeys);
  Egress egress;
  egress.listen = reader.address("listen", Need::required, "unix:", egress_listen_form);
  egress.routes = read_list(reader, "route", "egress.route", read_route);
  return egress;
}

// Reports a second entry with the same value of a key that must be unique.
void check_unique(Notes& notes, const toml::Node* list, std::string_view title,
                  std::string_view key) {
  if (list == nullptr || list->array() == nullptr) return;
  std::vector<const std::string*> seen;
  for (const auto& item : *list->array()) {
    const auto* node = item.table() != nullptr ? item.table()->find(key) : nullptr;
    if (node == nullptr || node->string() == nullptr) continue;
    const auto same = [&](const std::string* each) { return *each == *node->string(); };
    if (std::ranges::any_of(seen, same)) {
      notes.problems.add(node->span,
                         text::format("two {} have the {} `{}`", title, key, *node->string()));
    }
    seen.push_back(node->string());
  }
}

const toml::Node* find_in(const toml::Table& root, std::string_view table, std::string_view key) {
  const auto* node = root.find(table);
  return node != nullptr && node->table() != nullptr ? node->table()->find(key) : nullptr;
}

void check_names(Notes& notes, const toml::Table& root) {
  const auto* routes = find_in(root, "egress", "route");
  check_unique(notes, root.find("idp"), "[[idp]]", "name");
  check_unique(notes, root.find("server"), "[[server]]", "name");
  check_unique(notes, root.find("server"), "[[server]]", "path");
  check_unique(notes, root.find("provider"), "[[provider]]", "name");
  check_unique(notes, routes, "[[egress.route]]", "name");
}

std::string place(const Notes& notes, const toml::Span& span) {
  return text::format("{}:{}:{}", notes.file(), span.line, span.column);
}

// Where an [[idp]] entry lists this audience.
const toml::Span& audience_span(const toml::Node& item, const std::string& audience) {
  const auto* list = item.table()->find("audience");
  for (const auto& each : *list->array())
    if (each.string() != nullptr && *each.string() == audience) return each.span;
  return list->span;
}

// The IdP of a token is found by its issuer and audience, so no two may share both.
void check_audiences(Notes& notes, const toml::Array& list, const Config& config, std::size_t at) {
  const auto& idp = config.idps[at];
  for (const auto& audience : idp.audience) {
    const auto has_both = [&](const identity::Settings& other) {
      return other.issuer == idp.issuer &&
             std::ranges::find(other.audience, audience) != other.audience.end();
    };
    const auto first =
        static_cast<std::size_t>(std::ranges::find_if(config.idps, has_both) - config.idps.begin());
    if (first == at) continue;
    notes.problems.add(
        audience_span(list[at], audience),
        text::format("the audience `{}` is also an audience of [[idp]] `{}` at {}, and both have "
                     "the issuer `{}`",
                     audience, config.idps[first].name,
                     place(notes, audience_span(list[first], audience)), idp.issuer),
        "the IdP of a token is found by issuer and audience: give each an audience of its own, or "
        "make them one [[idp]]");
  }
}

// A token that we minted must not be accepted as an identity.
void check_issuers(Notes& notes, const toml::Table& root, const Config& config) {
  const auto* node = root.find("idp");
  if (node == nullptr || node->array() == nullptr) return;
  const auto& list = *node->array();
  if (list.size() != config.idps.size()) return;  // an entry is not a table, and read_list said so
  for (std::size_t i = 0; i < config.idps.size(); ++i) {
    const auto& issuer = config.idps[i].issuer;
    if (issuer.empty()) continue;
    check_audiences(notes, list, config, i);
    if (!config.issuer || config.issuer->url != issuer) continue;
    const auto* written = list[i].table()->find("issuer");
    notes.problems.add(written != nullptr ? written->span : list[i].span,
                       "this [[idp]] is our own issuer",
                       "tokens minted here must not come back as identities; take it out");
  }
}

void check_connections(Notes& notes, const toml::Table& root, const Config& config) {
  const auto* routes = find_in(root, "egress", "route");
  if (routes == nullptr || routes->array() == nullptr) return;
  for (const auto& item : *routes->array()) {
    const auto* node = item.table() != nullptr ? item.table()->find("connection") : nullptr;
    if (node == nullptr || node->string() == nullptr) continue;
    const auto& name = *node->string();
    if (std::ranges::find(config.providers, name, &Provider::name) == config.providers.end()) {
      notes.problems.add(node->span, text::format("no [[provider]] is called `{}`", name));
    }
  }
}

void add_default_audiences(Config& config) {
  for (auto& server : config.servers) {
    if (!server.audience.empty() || !config.proxy) continue;
    server.audience = config.proxy->public_url + server.path;
    config.settings.push_back({.name = text::format("server.{}.audience", server.name),
                               .value = server.audience,
                               .origin = "default"});
  }
}

// Puts the overrides where the values of the file would be. They have no line or column.
void apply(toml::Table& root, std::span<const Override> overrides) {
  const auto entry = [](toml::Table& table, std::string_view key) -> toml::Node& {
    const auto found = std::ranges::find(table.entries, key, &toml::Entry::key);
    if (found != table.entries.end()) return found->node;
    table.entries.push_back({.key = std::string(key), .key_span = {}, .node = {}});
    return table.entries.back().node;
  };
  for (const auto& given : overrides) {
    const auto dot = given.setting.find('.');
    auto& table = entry(root, std::string_view(given.setting).substr(0, dot));
    if (std::holds_alternative<std::monostate>(table.value)) table.value = toml::Table{};
    auto* const inner = std::get_if<toml::Table>(&table.value);
    if (inner == nullptr) continue;  // read_table reports it
    auto& node = entry(*inner, std::string_view(given.setting).substr(dot + 1));
    node.value = given.value;
    node.span = {};
  }
}

Config read_root(Notes& notes, const toml::Table& table) {
  static constexpr std::string_view kKeys[] = {"issuer",   "proxy", "idp",    "policy", "server",
                                               "provider", "vault", "egress", "audit"};
  const Section section{.notes = notes,
                        .table = table,
                        .span = {.line = 1, .column = 1},
                        .title = "the file",
                        .path = ""};
  Reader root(section, kKeys);
  Config config;
  config.file = notes.file();
  config.issuer = read_table(root, "issuer", read_issuer);
  config.proxy = read_table(root, "proxy", read_proxy);
  config.idps = read_list(root, "idp", "idp", read_idp);
  config.policy = read_table(root, "policy", read_policy);
  config.servers = read_list(root, "server", "server", read_server);
  config.providers = read_list(root, "provider", "provider", read_provider);
  config.vault = read_table(root, "vault", read_vault);
  config.egress = read_table(root, "egress", read_egress);
  config.audit = read_table(root, "audit", read_audit);
  check_names(notes, table);
  check_issuers(notes, table, config);
  check_connections(notes, table, config);
  return config;
}

}  // namespace

Result<Config> parse(std::string_view text, std::string_view file,
                     std::span<const Override> overrides) {
  auto table = toml::parse(text, file, {}, kLists);
  if (!table) {
    table.error().code = Errc::config;
    return std::move(table).error();
  }
  apply(*table, overrides);
  Notes notes{.problems = toml::Problems(file),
              .folder = std::filesystem::path(file).parent_path(),
              .overrides = overrides};
  auto config = read_root(notes, *table);
  if (!notes.problems.empty()) {
    return error_from(Errc::config, notes.problems.take());
  }
  config.settings = std::move(notes.settings);
  add_default_audiences(config);
  return config;
}

Result<Config> load(const std::filesystem::path& path, std::span<const Override> overrides) {
  auto text = read_file(path);
  if (!text) {
    text.error().code = Errc::config;
    return std::move(text).error().context("configuration");
  }
  return parse(*text, path.string(), overrides);
}

const std::vector<Setting>& describe(const Config& config) {
  return config.settings;
}

}  // namespace mcpauth::config
