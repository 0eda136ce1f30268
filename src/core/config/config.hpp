#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/audit/log/writer.hpp"
#include "core/base/result.hpp"
#include "core/identity/settings.hpp"

namespace mcpauth::config {

/// Our own issuer: its URL, its keys, and how long its tokens live.
struct Issuer {
  std::string url = {};             ///< the exact `iss`
  std::filesystem::path keys = {};  ///< the key ring's directory
  std::chrono::seconds ttl{600};
};

struct Proxy {
  std::string listen = {};      ///< "host:port"
  std::string public_url = {};  ///< without a slash at its end
  std::string admin = {};       ///< "host:port", or empty: no admin listener
};

/// An MCP server that the proxy protects.
struct Server {
  std::string name = {};
  std::string path = {};      ///< starts with "/"
  std::string upstream = {};  ///< http(s) URL
  std::string audience = {};  ///< `aud` of the token it receives; empty: public_url + path
};

enum class Delivery { header, exchange, egress };

/// A third party with its own OAuth.
struct Provider {
  std::string name = {};
  std::string preset = {};
  std::string client_id = {};
  std::string client_secret = {};  ///< a secret reference, never the secret; empty: a public client
  std::vector<std::string> scopes = {};
  std::vector<std::string> servers = {};  ///< names of [[server]]s that may receive its tokens
  Delivery delivery = Delivery::exchange;
  std::string delivery_header = {};  ///< only with Delivery::header
};

struct Vault {
  std::string store = {};  ///< "sqlite:PATH" or "postgres://..."
  std::string key = {};    ///< a secret reference
};

/// The requests that may go out to one destination, and the secret that is added to them.
struct Route {
  std::string name = {};
  std::string host = {};  ///< lower case; exact, or "*.example.com" for exactly one label
  std::vector<std::string> methods = {};
  std::vector<std::string> paths = {};  ///< exact, or a prefix that ends in "/*"
  std::string secret = {};              ///< a secret reference; or
  std::string connection = {};  ///< the provider whose token of the calling user is injected
  std::string inject_header = {};
  std::string inject_format = {};                 ///< holds "{secret}" once
  std::vector<std::string> required_scopes = {};  ///< `requires`: concrete scopes, all of them
};

struct Egress {
  std::string listen = {};  ///< "host:port" or "unix:/path"
  std::vector<Route> routes = {};
};

/// The audit log, and how it is kept.
struct Audit {
  std::filesystem::path file = {};
  std::vector<std::string> keys = {};  ///< secret references; none: a key beside the log is made
  std::string origin = {};             ///< the log's name in its checkpoints; empty: one is made
  audit::Durability durability = audit::Durability::group;
  std::uint64_t rotate_size = 0;         ///< in bytes; 0: never
  std::chrono::seconds rotate_every{0};  ///< 0: never
  std::chrono::seconds checkpoint_every{10};
};

/// One setting in force, for `config show --origin`. Holds references to secrets, never a secret.
struct Setting {
  std::string name = {};    ///< "issuer.ttl", "idp.okta.audience"
  std::string value = {};   ///< lists joined by ", "; paths as resolved
  std::string origin = {};  ///< "mcpauth.toml:3", or "default"
};

/// A whole `mcpauth.toml`, checked. A table that the file does not have is absent here too, and a
/// command that needs it refuses to run. Relative paths have been resolved against the file's
/// folder.
struct Config {
  std::string file = {};
  std::optional<Issuer> issuer = {};
  std::optional<Proxy> proxy = {};
  std::vector<identity::Settings> idps = {};
  std::optional<std::filesystem::path> policy = {};  ///< `policy.file`
  std::vector<Server> servers = {};
  std::vector<Provider> providers = {};
  std::optional<Vault> vault = {};
  std::optional<Egress> egress = {};
  std::optional<Audit> audit = {};
  std::vector<Setting> settings = {};  ///< in the order of the tables above
};

/// A value that takes precedence over the file's, such as an environment variable.
struct Override {
  std::string setting = {};  ///< "issuer.url": a string in a table of its own
  std::string value = {};    ///< a path must be absolute
  std::string source = {};   ///< what messages and `origin` call it: "$MCPAUTH_ISSUER_URL"
};

/// Reads and checks a configuration. `file` is for messages and for resolving paths; it need not
/// exist. The Error (Errc::config) has every problem in `problems`, with its place and, for an
/// unknown key, the nearest known one. In parse.cpp and read_*.cpp.
Result<Config> parse(std::string_view text, std::string_view file,
                     std::span<const Override> overrides = {});

/// The same from a file of at most 1 MiB.
Result<Config> load(const std::filesystem::path& path, std::span<const Override> overrides = {});

/// Every setting in force with its origin, including defaults.
const std::vector<Setting>& describe(const Config& config);

}  // namespace mcpauth::config
