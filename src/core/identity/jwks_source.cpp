#include "core/identity/jwks_source.hpp"

#include <algorithm>
#include <utility>

#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/number.hpp"
#include "core/codec/text.hpp"
#include "core/oauth/answer.hpp"
#include "core/oauth/metadata.hpp"

namespace mcpauth::identity {
namespace {

using std::chrono::seconds;

constexpr seconds kLeastFresh{60};
constexpr seconds kMostFresh{3600};
constexpr std::size_t kMaxEtag = 256;

std::string directive(std::string_view part) {
  std::string out;
  for (const char c : part) {
    if (c == ' ' || c == '\t') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

// A document with an error counts as input that cannot be used, as a file would.
Error unavailable(Error error) {
  const bool transport = error.code == Errc::network || error.code == Errc::timeout;
  if (!transport) error.code = Errc::input;
  if (error.reason.empty())
    error.reason = transport ? reason::kIdpUnreachable : reason::kKeySetUnusable;
  return error;
}

}  // namespace

seconds freshness(std::string_view cache_control, seconds otherwise) {
  constexpr std::string_view kMaxAge = "max-age=";
  auto out = otherwise;
  for (const auto part : text::split(cache_control, ',')) {
    const auto word = directive(part);
    if (word == "no-store" || word == "no-cache") return kLeastFresh;
    if (!word.starts_with(kMaxAge)) continue;
    const auto digits = word.substr(kMaxAge.size());
    if (digits.empty() || digits.find_first_not_of("0123456789") != digits.npos) continue;
    const auto age = parse_number<std::int64_t>(digits);  // nothing: more than fits
    out = std::clamp(age ? seconds(*age) : kMostFresh, kLeastFresh, kMostFresh);
  }
  return out;
}

JwksSource::JwksSource(Place place, http::Client& http, const CachePolicy& policy)
    : place_(std::move(place)), http_(http), policy_(policy) {}

Result<Fetched> JwksSource::fetch(std::chrono::nanoseconds now) {
  auto url = locate(now);
  if (!url) return unavailable(std::move(url).error());
  auto out = ask(*url);
  if (out) return out;
  discovered_.clear();  // the set may have moved
  return unavailable(std::move(out).error());
}

Result<std::string> JwksSource::locate(std::chrono::nanoseconds now) {
  if (!place_.jwks_uri.empty()) return place_.jwks_uri;
  if (!discovered_.empty() && now < discover_again_) return discovered_;
  TRY(auto metadata, oauth::discover(place_.issuer, place_.reach, http_, policy_.timeout));
  if (metadata.jwks_uri.empty())
    return Error{.code = Errc::input,
                 .message = text::format("the metadata of `{}` has no `jwks_uri`", place_.issuer)};
  discovered_ = std::move(metadata.jwks_uri);
  discover_again_ = now + kMostFresh;
  return discovered_;
}

Result<Fetched> JwksSource::ask(const std::string& url) {
  http::Request request{
      .url = url,
      .headers = {{"Accept", "application/jwk-set+json, application/json"}},
      .reach = place_.reach,
      .timeout = policy_.timeout,
      .connect_timeout = std::min(policy_.timeout, std::chrono::milliseconds(5000)),
      .max_body = jose::KeySet::kMaxBytes};
  const bool conditional = !etag_.empty() && etag_url_ == url;
  if (conditional) request.headers.emplace_back("If-None-Match", etag_);
  auto response = http_.send(request);
  if (!response) return std::move(response).error().context("keys at " + oauth::shown(url));
  const auto fresh = freshness(response->header("cache-control"), policy_.fresh);
  if (response->status == 304 && conditional) return Fetched{.keys = nullptr, .fresh = fresh};
  TRY_VOID(oauth::expect_document(*response, url));
  auto keys = jose::KeySet::parse(response->body);
  if (!keys) return std::move(keys).error().context("keys at " + oauth::shown(url));
  const auto etag = response->header("etag");
  etag_ = etag.size() <= kMaxEtag ? etag : "";
  etag_url_ = url;
  return Fetched{.keys = std::make_shared<const jose::KeySet>(*std::move(keys)), .fresh = fresh};
}

}  // namespace mcpauth::identity
