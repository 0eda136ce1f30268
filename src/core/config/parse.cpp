#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "core/base/file.hpp"
#include "core/config/read.hpp"

namespace mcpauth::config {
namespace {

constexpr std::array<std::string_view, 4> kLists = {"idp", "server", "provider", "egress.route"};

// Reads the table of this name, where there is one.
template <class T>
std::optional<T> read_table(Notes& notes, Reader& root, std::string_view key, T (*read)(Reader&)) {
  const auto* node = root.node(key);
  if (node == nullptr) return std::nullopt;
  const std::string title = "[" + std::string(key) + "]";
  if (node->table() == nullptr) {
    root.problem(key, "`" + std::string(key) + "` must be one table, " + title);
    return std::nullopt;
  }
  // NOLINTNEXTLINE(misc-const-correctness): `read` marks in it what it has read
  Reader reader(notes, *node->table(), node->span, title, std::string(key));
  return read(reader);
}

// What an entry of a list is called in the settings: by its name, else by its place.
std::string label(const toml::Table& table, std::size_t index) {
  const auto* name = table.find("name");
  const bool named = name != nullptr && name->string() != nullptr && !name_form(*name->string());
  return named ? *name->string() : std::to_string(index + 1);
}

// Reads every [[key]]. `path` is the key with the tables it is in.
template <class T>
std::vector<T> read_list(Notes& notes, Reader& parent, std::string_view key,
                         const std::string& path, T (*read)(Reader&)) {
  std::vector<T> list;
  const auto* node = parent.node(key);
  if (node == nullptr) return list;
  const std::string title = "[[" + path + "]]";
  if (node->array() == nullptr) {
    parent.problem(key, "`" + path + "` must be a list of tables, each under " + title,
                   toml::two_brackets(path));
    return list;
  }
  for (std::size_t i = 0; i < node->array()->size(); ++i) {
    const auto& item = (*node->array())[i];
    if (item.table() == nullptr) {
      notes.problems.push_back(toml::problem(
          notes.file, item.span, "`" + path + "` must hold tables only, each under " + title));
      continue;
    }
    const auto called = label(*item.table(), i);
    // NOLINTNEXTLINE(misc-const-correctness): as above
    Reader reader(notes, *item.table(), item.span, title + " `" + called + "`",
                  path + "." + called);
    list.push_back(read(reader));
  }
  return list;
}

std::filesystem::path read_file_key(Reader& reader) {
  auto file = reader.path("file", Need::required);
  reader.finish();
  return file;
}

Egress read_egress(Reader& reader) {
  Egress egress;
  egress.listen = read_egress_listen(reader);
  egress.routes = read_list(reader.notes(), reader, "route", "egress.route", read_route);
  reader.finish();
  return egress;
}

// Two entries with the same value of a key that must tell them apart. Places are those of the
// entries' values in the file.
void check_unique(Notes& notes, const toml::Node* list, std::string_view title,
                  std::string_view key) {
  if (list == nullptr || list->array() == nullptr) return;
  std::vector<const std::string*> seen;
  for (const auto& item : *list->array()) {
    const auto* node = item.table() != nullptr ? item.table()->find(key) : nullptr;
    if (node == nullptr || node->string() == nullptr) continue;
    const auto same = [&](const std::string* each) { return *each == *node->string(); };
    if (std::ranges::any_of(seen, same)) {
      notes.problems.push_back(toml::problem(notes.file, node->span,
                                             "two " + std::string(title) + " have the " +
                                                 std::string(key) + " `" + *node->string() + "`"));
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
  return notes.file + ":" + std::to_string(span.line) + ":" + std::to_string(span.column);
}

// Where an entry of the [[idp]] says this audience.
const toml::Span& audience_span(const toml::Node& item, const std::string& audience) {
  const auto* list = item.table()->find("audience");
  for (const auto& each : *list->array())
    if (each.string() != nullptr && *each.string() == audience) return each.span;
  return list->span;
}

// The IdP of a token is found by its issuer and audience, so no two may have both in common.
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
    notes.problems.push_back(toml::problem(
        notes.file, audience_span(list[at], audience),
        "the audience `" + audience + "` is also that of [[idp]] `" + config.idps[first].name +
            "` at " + place(notes, audience_span(list[first], audience)) +
            ", and both have the issuer `" + idp.issuer + "`",
        "the IdP of a token is found by issuer and audience: give each an audience of its own, or "
        "make them one [[idp]]"));
  }
}

// A token that we minted must not come back as somebody's identity.
void check_issuers(Notes& notes, const toml::Table& root, const Config& config) {
  const auto* node = root.find("idp");
  if (node == nullptr || node->array() == nullptr) return;
  const auto& list = *node->array();
  if (list.size() != config.idps.size()) return;  // an entry is no table; that is reported
  for (std::size_t i = 0; i < config.idps.size(); ++i) {
    const auto& issuer = config.idps[i].issuer;
    if (issuer.empty()) continue;
    check_audiences(notes, list, config, i);
    if (!config.issuer || config.issuer->url != issuer) continue;
    const auto* written = list[i].table()->find("issuer");
    notes.problems.push_back(
        toml::problem(notes.file, written != nullptr ? written->span : list[i].span,
                      "this [[idp]] is our own issuer",
                      "tokens minted here must not come back as identities; take it out"));
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
      notes.problems.push_back(
          toml::problem(notes.file, node->span, "no [[provider]] is called `" + name + "`"));
    }
  }
}

void add_default_audiences(Config& config) {
  for (auto& server : config.servers) {
    if (!server.audience.empty() || !config.proxy) continue;
    server.audience = config.proxy->public_url + server.path;
    config.settings.push_back({.name = "server." + server.name + ".audience",
                               .value = server.audience,
                               .origin = "default"});
  }
}

// Puts the values from elsewhere where the file's would stand; they have no place in it.
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
    if (inner == nullptr) continue;  // the wrong type is reported by its reader
    auto& node = entry(*inner, std::string_view(given.setting).substr(dot + 1));
    node.value = given.value;
    node.span = {};
  }
}

Config read_root(Notes& notes, const toml::Table& table) {
  Config config;
  config.file = notes.file;
  Reader root(notes, table, {.line = 1, .column = 1}, "the file", "");
  config.issuer = read_table(notes, root, "issuer", read_issuer);
  config.proxy = read_table(notes, root, "proxy", read_proxy);
  config.idps = read_list(notes, root, "idp", "idp", read_idp);
  config.policy = read_table(notes, root, "policy", read_file_key);
  config.servers = read_list(notes, root, "server", "server", read_server);
  config.providers = read_list(notes, root, "provider", "provider", read_provider);
  config.vault = read_table(notes, root, "vault", read_vault);
  config.egress = read_table(notes, root, "egress", read_egress);
  config.audit = read_table(notes, root, "audit", read_audit);
  root.finish();
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
  Notes notes{.file = std::string(file),
              .folder = std::filesystem::path(file).parent_path(),
              .overrides = overrides};
  auto config = read_root(notes, *table);
  if (!notes.problems.empty()) {
    std::ranges::stable_sort(notes.problems, {}, [](const Problem& problem) {
      return std::pair(problem.line, problem.column);
    });
    return error_from(Errc::config, std::move(notes.problems));
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
