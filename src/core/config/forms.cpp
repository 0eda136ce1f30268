#include "core/config/forms.hpp"

#include <algorithm>
#include <array>

#include "core/codec/ascii.hpp"
#include "core/codec/number.hpp"
#include "core/codec/text.hpp"
#include "core/codec/url.hpp"
#include "core/http/address_guard.hpp"

namespace mcpauth::config {
namespace {

using text::is_alphanumeric;
using text::is_digit;
using text::is_lower;
using text::is_upper;

constexpr std::size_t kMaxText = 2048;
constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxOrg = 256;

std::optional<Complaint> secure_url(std::string_view value) {
  const auto url = Url::parse(value);
  if (!url) return Complaint{"is not a URL: " + url.error().message, url.error().hint};
  if (url->scheme == "https" || url->is_loopback()) return std::nullopt;
  return Complaint{"is not https", "http is for 127.0.0.1, [::1] and localhost only"};
}

bool is_environment_name(std::string_view name) {
  return !name.empty() && !is_digit(name.front()) &&
         std::ranges::all_of(name, [](char c) { return is_alphanumeric(c) || c == '_'; });
}

bool is_vault_name(std::string_view name) {
  const auto good = [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; };
  return !name.empty() && name != "." && name != ".." && std::ranges::all_of(name, good);
}

bool is_path_text(std::string_view path) {
  constexpr std::string_view kRefused = " \\?#;%\"<>^`{|}";
  return path.starts_with('/') && path.find("//") == path.npos &&
         std::ranges::none_of(path, [&](char c) {
           return c < 0x20 || c == 0x7f || kRefused.find(c) != kRefused.npos;
         });
}

bool has_dot_segment(std::string_view path) {
  const auto segments = text::split(path, '/');
  return std::ranges::any_of(segments, [](auto s) { return s == "." || s == ".."; });
}

}  // namespace

std::optional<Complaint> any_text(std::string_view value) {
  if (value.empty()) return Complaint{"is empty"};
  if (value.size() > kMaxText) return Complaint{"is longer than 2048 bytes"};
  const bool plain =
      std::ranges::none_of(value, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; });
  return plain ? std::nullopt : std::optional(Complaint{"holds control characters"});
}

std::optional<Complaint> name_form(std::string_view value) {
  const auto good = [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; };
  if (!value.empty() && value.size() <= kMaxName && is_alphanumeric(value.front()) &&
      std::ranges::all_of(value, good)) {
    return std::nullopt;
  }
  return Complaint{"is not a name",
                   "use 1 to 64 letters, digits, `-`, `_` and `.`, the first a letter or digit"};
}

std::optional<Complaint> org_form(std::string_view value) {
  if (value.size() > kMaxOrg) return Complaint{"is longer than 256 bytes"};
  return any_text(value);
}

std::optional<Complaint> owner_form(std::string_view value) {
  const auto parts = text::split(value, '/');
  const bool good =
      std::ranges::none_of(parts, [](auto part) { return name_form(part).has_value(); });
  return good ? std::nullopt
              : std::optional(Complaint{"is not an owner", "write it like `acme` or `acme/team`"});
}

std::optional<Complaint> domain_form(std::string_view value) {
  if (value.find('*') == value.npos && !host_pattern_form(value)) return std::nullopt;
  return Complaint{"is not a domain", "write it in lower case, like `example.com`"};
}

std::optional<Complaint> issuer_form(std::string_view value) {
  if (auto complaint = secure_url(value)) return complaint;
  if (value.find('?') == value.npos) return std::nullopt;
  return Complaint{"has a query, which an issuer must not have (RFC 8414 section 2)"};
}

std::optional<Complaint> public_form(std::string_view value) {
  if (auto complaint = issuer_form(value)) return complaint;
  if (!value.ends_with('/')) return std::nullopt;
  return Complaint{"ends with a slash", "leave the slash out: paths are put after it"};
}

std::optional<Complaint> key_url_form(std::string_view value) {
  return secure_url(value);
}

std::optional<Complaint> network_form(std::string_view value) {
  auto network = http::Network::parse(value);
  if (network) return std::nullopt;
  return Complaint{"cannot be opened as a network: " + network.error().message,
                   std::move(network.error().hint)};
}

std::optional<Complaint> upstream_form(std::string_view value) {
  const auto url = Url::parse(value);
  if (url) return std::nullopt;
  return Complaint{"is not an http or https URL: " + url.error().message, url.error().hint};
}

std::optional<Complaint> listen_form(std::string_view value) {
  Complaint complaint{"is not HOST:PORT", "write it like `127.0.0.1:8080` or `[::1]:8080`"};
  const auto colon = value.rfind(':');
  if (colon == value.npos || colon == 0) return complaint;
  const auto host = value.substr(0, colon);
  const auto port = value.substr(colon + 1);
  const bool bracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
  const auto inner = bracketed ? host.substr(1, host.size() - 2) : host;
  const bool good_host = std::ranges::all_of(inner, [&](char c) {
    return is_alphanumeric(c) || c == '.' || c == '-' || (bracketed && c == ':');
  });
  if (good_host && parse_number<std::uint16_t>(port)) return std::nullopt;
  return complaint;
}

std::optional<Complaint> egress_listen_form(std::string_view value) {
  if (!value.starts_with("unix:")) return listen_form(value);
  return value.size() > 5 ? any_text(value) : Complaint{"names no socket", "write `unix:/run/x`"};
}

std::optional<Complaint> reference_form(std::string_view value) {
  // The value is never shown: what somebody writes in place of a reference is a secret.
  Complaint not_one{"is not a reference to a secret",
                    "keep the secret itself out of this file: write `file:PATH`, `env:NAME`, "
                    "`vault:NAME` or `exec:COMMAND`"};
  const auto colon = value.find(':');
  if (colon == value.npos || any_text(value)) return not_one;
  const auto scheme = value.substr(0, colon);
  const auto rest = value.substr(colon + 1);
  if (scheme == "env") return is_environment_name(rest) ? std::nullopt : std::optional(not_one);
  if (scheme == "vault") return is_vault_name(rest) ? std::nullopt : std::optional(not_one);
  if (scheme == "fd") {
    const bool good = !rest.empty() && rest.size() < 6 && std::ranges::all_of(rest, is_digit);
    return good ? std::nullopt : std::optional(not_one);
  }
  const bool known = scheme == "file" || scheme == "exec" || scheme == "pkcs11";
  return known && !rest.empty() ? std::nullopt : std::optional(not_one);
}

std::optional<Complaint> store_form(std::string_view value) {
  if (value.starts_with("sqlite:") && value.size() > 7) return any_text(value);
  if (!value.starts_with("postgres://") && !value.starts_with("postgresql://")) {
    return Complaint{"is not a store", "write `sqlite:PATH` or `postgres://HOST/DATABASE`"};
  }
  const auto authority = text::split(value.substr(value.find("://") + 3), '/').front();
  const auto user = authority.substr(0, authority.rfind('@') + 1);
  const bool password = authority.find('@') != authority.npos && user.find(':') != user.npos;
  if (password || value.find("password=") != value.npos) {
    return Complaint{"holds a password", "leave it out and use PGPASSFILE or a client certificate"};
  }
  return any_text(value);
}

std::optional<Complaint> server_path_form(std::string_view value) {
  if (!is_path_text(value) || has_dot_segment(value) || value.ends_with('/')) {
    return Complaint{"is not a path", "write it like `/hr`: plain, and without a slash at its end"};
  }
  constexpr std::array<std::string_view, 9> kOurs = {".well-known", "authorize", "callback",
                                                     "token",       "revoke",    "introspect",
                                                     "register",    "connect",   "me"};
  const auto first = text::split(value.substr(1), '/').front();
  if (std::ranges::find(kOurs, first) == kOurs.end()) return std::nullopt;
  return Complaint{"begins like one of the proxy's own addresses", "choose another first part"};
}

std::optional<Complaint> route_path_form(std::string_view value) {
  const auto star = value.find('*');
  const bool good_star = star == value.npos || (star == value.size() - 1 && value.ends_with("/*"));
  if (is_path_text(value) && !has_dot_segment(value) && good_star) return std::nullopt;
  return Complaint{"is not a path", "write it exactly, or as a prefix that ends in `/*`"};
}

std::optional<Complaint> host_pattern_form(std::string_view value) {
  const auto name = value.starts_with("*.") ? value.substr(2) : value;
  const auto labels = text::split(name, '.');
  const bool good = std::ranges::all_of(labels, [](std::string_view label) {
    return !label.empty() && label.size() <= 63 && !label.starts_with('-') &&
           !label.ends_with('-') && std::ranges::all_of(label, [](char c) {
             return is_lower(c) || is_digit(c) || c == '-';
           });
  });
  // "*.com" would match every company.
  const bool wide = value.starts_with("*.") && labels.size() < 2;
  if (good && !wide && name.size() <= 253) return std::nullopt;
  return Complaint{"is not a host",
                   "write a name in lower case, or `*.example.com` for exactly one label"};
}

std::optional<Complaint> method_form(std::string_view value) {
  const bool good = !value.empty() && value.size() <= 32 && std::ranges::all_of(value, is_upper);
  if (good && value != "CONNECT") return std::nullopt;
  return Complaint{"is not a method", "write it in capitals, like `POST`"};
}

std::optional<Complaint> scope_form(std::string_view value) {
  const bool good = !value.empty() && value.size() <= 256 && std::ranges::all_of(value, [](char c) {
    return c > 0x20 && c < 0x7f && c != '"' && c != '\\';
  });
  return good ? std::nullopt
              : std::optional(Complaint{"is not a scope", "scopes are printable ASCII, no spaces"});
}

std::optional<Complaint> header_form(std::string_view value) {
  const bool token =
      !value.empty() && value.size() <= 128 &&
      std::ranges::all_of(value, [](char c) { return is_alphanumeric(c) || c == '-'; });
  if (token) return std::nullopt;
  return Complaint{"is not a header's name", "use letters, digits and `-`"};
}

std::optional<Complaint> inject_format_form(std::string_view value) {
  constexpr std::string_view kMark = "{secret}";
  if (auto complaint = any_text(value)) return complaint;
  const auto first = value.find(kMark);
  if (first != value.npos && value.find(kMark, first + 1) == value.npos) return std::nullopt;
  return Complaint{"does not hold `{secret}` once", "write it like `Bearer {secret}`"};
}

}  // namespace mcpauth::config
