#include "core/keys/jwks_endpoint.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "core/codec/ascii.hpp"
#include "core/codec/base64url.hpp"
#include "core/codec/format.hpp"
#include "core/codec/url.hpp"
#include "core/crypto/digest.hpp"

namespace mcpauth::keys {
namespace {

constexpr std::string_view kJwksPath = "/.well-known/jwks.json";
constexpr std::string_view kOauthPath = "/.well-known/oauth-authorization-server";
constexpr std::string_view kOpenidPath = "/.well-known/openid-configuration";

using Lines = std::shared_ptr<const std::string>;

/// One document as it is sent.
struct Document {
  std::shared_ptr<const std::string> body;
  std::string etag;
  Lines lines;            ///< of a 200
  Lines unchanged_lines;  ///< of a 304
};

Document make_document(std::string text, std::string_view type, std::chrono::seconds max_age) {
  Document document;
  const auto hash = crypto::sha256(bytes_of(text));
  document.etag = "\"" + base64url::encode(hash) + "\"";
  net::Headers headers = {
      {"ETag", document.etag},
      {"Cache-Control", text::format("public, max-age={}", max_age.count())},
      {"Access-Control-Allow-Origin", "*"},
      {"X-Content-Type-Options", "nosniff"},
  };
  document.unchanged_lines = net::header_lines(headers);
  headers.emplace_back("Content-Type", type);
  document.lines = net::header_lines(headers);
  document.body = std::make_shared<const std::string>(std::move(text));
  return document;
}

/// The members that RFC 8414 section 2 and OpenID Connect Discovery section 3 require, as far as
/// they apply to an issuer without an authorization endpoint.
json::Object metadata(const PublishOptions& options, const jose::KeySet& keys) {
  std::string base = options.issuer;
  if (base.ends_with('/')) base.pop_back();
  json::Array algorithms;
  for (const auto& jwk : keys.keys()) {
    const json::Value name(
        crypto::name(jwk.alg.value_or(crypto::default_algorithm(jwk.key.type()))));
    if (std::ranges::find(algorithms, name) == algorithms.end()) algorithms.push_back(name);
  }
  json::Object document = {
      {"issuer", options.issuer},
      {"jwks_uri", base + std::string(kJwksPath)},
      {"response_types_supported", json::Array{"id_token"}},
      {"subject_types_supported", json::Array{"public"}},
      {"id_token_signing_alg_values_supported", std::move(algorithms)},
  };
  for (const auto& member : options.more_metadata)
    document.set(member.name, member.value);
  return document;
}

net::Response refusal(unsigned status, std::string_view text) {
  static const Lines kLines = net::header_lines({{"Content-Type", "text/plain"},
                                                 {"Cache-Control", "no-store"},
                                                 {"X-Content-Type-Options", "nosniff"}});
  net::Response response{.status = status, .lines = kLines};
  response.body = std::make_shared<const std::string>(text);
  return response;
}

bool is_unchanged(const net::Request& request, std::string_view etag) {
  return std::ranges::any_of(request.headers, [&](const auto& header) {
    return text::equal_ignoring_case(header.first, "If-None-Match") &&
           none_match_holds(header.second, etag);
  });
}

}  // namespace

struct JwksEndpoint::Documents {
  Document jwks;
  Document metadata;
  std::vector<std::pair<std::string, const Document*>> paths;

  const Document* find(std::string_view path) const {
    const auto found = std::ranges::find(paths, path, &decltype(paths)::value_type::first);
    return found == paths.end() ? nullptr : found->second;
  }
};

bool none_match_holds(std::string_view if_none_match, std::string_view etag) {
  const auto skip = [&](std::string_view what) {
    const auto end = if_none_match.find_first_not_of(what);
    if_none_match.remove_prefix(std::min(end, if_none_match.size()));
  };
  if (if_none_match == "*") return true;
  for (skip(" \t,"); !if_none_match.empty(); skip(" \t")) {
    if (if_none_match.starts_with("W/")) if_none_match.remove_prefix(2);
    const auto end = if_none_match.find('"', 1);
    if (!if_none_match.starts_with('"') || end == std::string_view::npos) return false;
    if (if_none_match.substr(0, end + 1) == etag) return true;
    if_none_match.remove_prefix(end + 1);
    skip(" \t");
    if (!if_none_match.empty() && if_none_match.front() != ',') return false;
    skip(" \t,");
  }
  return false;
}

JwksEndpoint::JwksEndpoint(PublishOptions options, std::string issuer_path)
    : options_(std::move(options)), issuer_path_(std::move(issuer_path)) {}

Result<std::unique_ptr<JwksEndpoint>> JwksEndpoint::make(PublishOptions options,
                                                         const jose::KeySet& keys) {
  std::string path;
  if (!options.issuer.empty()) {
    auto url = Url::parse(options.issuer);
    if (!url) return std::move(url).error().context("the issuer");
    if (!url->query.empty()) {
      return Error{.code = Errc::usage,
                   .message = text::format("the issuer `{}` has a query", options.issuer),
                   .hint = "an issuer is a URL without query and fragment (RFC 8414 section 2)"};
    }
    path = url->path;
    if (path.ends_with('/')) path.pop_back();
  }
  std::unique_ptr<JwksEndpoint> endpoint(new JwksEndpoint(std::move(options), std::move(path)));
  endpoint->update(keys);
  return endpoint;
}

void JwksEndpoint::update(const jose::KeySet& keys) {
  auto next = std::make_shared<Documents>();
  next->jwks = make_document(keys.to_json(), "application/jwk-set+json", options_.max_age);
  next->paths.emplace_back(kJwksPath, &next->jwks);
  if (!options_.issuer.empty()) {
    next->metadata =
        make_document(json::write(metadata(options_, keys)), "application/json", options_.max_age);
    next->paths.emplace_back(kOauthPath, &next->metadata);
    next->paths.emplace_back(kOpenidPath, &next->metadata);
  }
  if (!issuer_path_.empty()) {
    // RFC 8414 section 3.1 inserts the well-known part before the path, OpenID appends it.
    next->paths.emplace_back(std::string(kOauthPath) + issuer_path_, &next->metadata);
    next->paths.emplace_back(std::string(kOpenidPath) + issuer_path_, &next->metadata);
    next->paths.emplace_back(issuer_path_ + std::string(kOpenidPath), &next->metadata);
    next->paths.emplace_back(issuer_path_ + std::string(kJwksPath), &next->jwks);
  }
  const std::scoped_lock lock(mutex_);
  documents_ = std::move(next);
}

std::shared_ptr<const JwksEndpoint::Documents> JwksEndpoint::current() const {
  const std::scoped_lock lock(mutex_);
  return documents_;
}

net::Response JwksEndpoint::handle(const net::Request& request) {
  const auto documents = current();
  const auto* document = documents->find(request.path);
  if (document == nullptr) return refusal(404, "not found\n");
  if (request.method != "GET" && request.method != "HEAD") {
    auto response = refusal(405, "GET and HEAD only\n");
    response.headers.emplace_back("Allow", "GET, HEAD");
    return response;
  }
  if (is_unchanged(request, document->etag)) {
    return {.status = 304, .lines = document->unchanged_lines};
  }
  return {.lines = document->lines, .body = document->body};
}

}  // namespace mcpauth::keys
