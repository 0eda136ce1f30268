#include "core/token/find.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include "core/codec/ascii.hpp"
#include "core/codec/base64url.hpp"
#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::token {
namespace {

/// A longer first part is data of some other kind, not a header.
constexpr std::size_t kMaxHeader = 16 * 1024;
/// Bounds on joining lines, so that no input takes long.
constexpr std::size_t kMaxJoined = 64 * 1024;
constexpr std::size_t kMaxJoins = 2048;

bool is_token_char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || text::is_digit(c) || c == '-' ||
         c == '_' || c == '.';
}

std::optional<json::Value> object_in(std::string_view part) {
  if (part.size() > kMaxHeader) return std::nullopt;
  const auto bytes = base64url::decode(part);
  if (!bytes) return std::nullopt;
  auto value = json::parse(text_of(*bytes));
  if (!value || value->object() == nullptr) return std::nullopt;
  return *std::move(value);
}

/// The length of a signature by `alg`, where it is always the same; 0 where it is not.
std::size_t signature_chars(const json::Value& header) {
  constexpr std::array<std::pair<std::string_view, std::size_t>, 9> kLengths = {{{"ES256", 86},
                                                                                 {"ES384", 128},
                                                                                 {"ES512", 176},
                                                                                 {"EdDSA", 86},
                                                                                 {"Ed25519", 86},
                                                                                 {"HS256", 43},
                                                                                 {"HS384", 64},
                                                                                 {"HS512", 86},
                                                                                 {"none", 0}}};
  const auto* alg = header.find("alg");
  if (alg == nullptr || alg->string() == nullptr) return 0;
  const auto* known =
      std::ranges::find(kLengths, *alg->string(), &std::pair<std::string_view, std::size_t>::first);
  if (known != kLengths.end()) return known->second;
  return alg->string()->starts_with("RS") || alg->string()->starts_with("PS") ? 342 : 0;
}

/// The token at the start of `run`, or nothing. A JWE (its header has `enc`) has 5 parts, a JWS 3.
/// Text after another dot does not belong to it.
std::optional<std::string_view> token_at(std::string_view run) {
  const auto parts = text::split(run, '.');
  if (parts.size() < 3) return std::nullopt;
  const auto header = object_in(parts[0]);
  if (!header) return std::nullopt;
  const bool encrypted = header->find("enc") != nullptr;
  const std::size_t wanted = encrypted ? 5 : 3;
  if (parts.size() < wanted || (!encrypted && header->find("alg") == nullptr)) return std::nullopt;
  std::size_t length = wanted - 1;  // of dots
  for (std::size_t i = 0; i < wanted; ++i)
    length += parts[i].size();
  return run.substr(0, length);
}

/// Whether the token ends before its signature can be complete.
bool is_cut(std::string_view token) {
  const auto parts = text::split(token, '.');
  if (parts.size() < 3) return true;
  const auto header = object_in(parts[0]);
  return header && parts.size() == 3 && parts[2].size() < signature_chars(*header);
}

/// The token characters from here on. Stops just after the limit, so that a caller sees that the
/// token is too large.
std::string_view run_from(std::string_view text, std::size_t start) {
  std::size_t end = start;
  while (end < text.size() && is_token_char(text[end]) && end - start <= kMaxJoined)
    ++end;
  return text.substr(start, end - start);
}

/// The end of the part that starts here: the next dot, or the next character that no token has.
std::size_t part_end(std::string_view text, std::size_t start) {
  std::size_t end = start;
  while (end < text.size() && is_token_char(text[end]) && text[end] != '.')
    ++end;
  return end;
}

/// Skips a line break inside a wrapped token: an optional backslash, the break, and indentation or
/// quote marks. 0 when there is none at `at`.
std::size_t break_length(std::string_view text, std::size_t at) {
  std::size_t i = at;
  while (i < text.size() && (text[i] == ' ' || text[i] == '\\'))
    ++i;
  if (i < text.size() && text[i] == '\r') ++i;
  if (i >= text.size() || text[i] != '\n') return 0;
  ++i;
  while (i < text.size() && (text[i] == ' ' || text[i] == '\t' || text[i] == '>'))
    ++i;
  return i - at;
}

/// Whether a header can start here. A part that ends with a dot is decoded. Of one that a line
/// break cuts off, only the start is known: `{"`, or `{` and white space.
bool may_be_header(std::string_view text, std::size_t start) {
  const std::size_t end = part_end(text, start);
  const std::string_view part = text.substr(start, end - start);
  if (!part.starts_with("ey") && !part.starts_with("ew")) return false;
  if (end >= text.size() || text[end] != '.') return true;
  const auto header = object_in(part);
  return header && (header->find("alg") != nullptr || header->find("enc") != nullptr);
}

/// The token at `start`. While it is not complete, a next line with nothing but token characters is
/// joined to it.
struct Candidate {
  std::string token;
  std::size_t end = 0;  ///< in the text
  bool unwrapped = false;
  bool too_large = false;  ///< only the start of a token that is over the limit
};

std::optional<Candidate> candidate_at(std::string_view text, std::size_t start,
                                      std::size_t& joins_left) {
  if (!may_be_header(text, start)) return std::nullopt;
  const std::string_view first = run_from(text, start);
  Candidate joined{.token = std::string(first), .end = start + first.size()};
  while (joins_left > 0 && joined.token.size() < kMaxJoined) {
    const auto token = token_at(joined.token);
    if (token && !is_cut(*token)) break;
    const std::size_t gap = break_length(text, joined.end);
    const std::string_view next = gap == 0 ? "" : run_from(text, joined.end + gap);
    if (next.empty()) break;
    --joins_left;
    joined.token += next;
    joined.end += gap + next.size();
    joined.unwrapped = true;
  }
  if (auto token = token_at(joined.token); token && !(joined.unwrapped && is_cut(*token))) {
    joined.unwrapped = joined.unwrapped && token->size() > first.size();
    joined.token = std::string(*token);
    return joined;
  }
  if (const auto token = token_at(first)) {
    return Candidate{.token = std::string(*token), .end = start + token->size()};
  }
  if (joined.token.size() <= kMaxJoined) return std::nullopt;
  if (!object_in(joined.token.substr(0, joined.token.find('.')))) return std::nullopt;
  joined.token.resize(kMaxJoined + 1);
  joined.too_large = true;
  return joined;
}

/// Where in the pasted text the token is, by the text before it.
std::string place_of(std::string_view before) {
  const auto line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const std::string_view line = before.substr(line_start);
  const std::string lower = text::lowered(line);
  if (lower.ends_with("bearer ")) return "a Bearer header";
  if (lower.ends_with("dpop ")) return "a DPoP header";

  std::string_view rest = before;
  while (!rest.empty() && (rest.back() == '"' || rest.back() == '\'' || rest.back() == ' ')) {
    rest.remove_suffix(1);
  }
  if (rest.empty() || (rest.back() != ':' && rest.back() != '=')) return "the text";
  const char sign = rest.back();
  rest.remove_suffix(1);
  while (!rest.empty() && (rest.back() == '"' || rest.back() == '\'' || rest.back() == ' ')) {
    rest.remove_suffix(1);
  }
  std::size_t start = rest.size();
  while (start > 0 && is_token_char(rest[start - 1]))
    --start;
  const std::string name(rest.substr(start));
  if (name.empty()) return "the text";
  const char ahead = start > 0 ? rest[start - 1] : '\0';
  if (sign == ':' && ahead == '"') return text::format("the JSON member `{}`", name);
  if (sign == ':') return text::format("the header `{}`", name);
  if (ahead == '?' || ahead == '&' || ahead == '#')
    return text::format("the URL parameter `{}`", name);
  if (lower.find("cookie:") != std::string::npos) return text::format("the cookie `{}`", name);
  return text::format("the value of `{}`", name);
}

std::string_view without_quotes(std::string_view text) {
  constexpr std::string_view kAround = " \t\r\n\"'`";
  const auto start = text.find_first_not_of(kAround);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(kAround) - start + 1);
}

}  // namespace

std::optional<Found> find(std::string_view pasted) {
  std::optional<Found> found;
  std::optional<Found> too_large;  // given when there is no other
  std::size_t joins_left = kMaxJoins;
  std::size_t at = 0;
  while (at < pasted.size()) {
    if (!is_token_char(pasted[at])) {
      ++at;
      continue;
    }
    const auto candidate = candidate_at(pasted, at, joins_left);
    if (candidate && candidate->too_large && !too_large) {
      too_large = Found{.token = candidate->token,
                        .where = place_of(pasted.substr(0, at)),
                        .unwrapped = candidate->unwrapped};
    }
    if (!candidate || candidate->too_large) {
      // The next part of the same run may be the header: `access_token.eyJ...`
      at = part_end(pasted, at) + 1;
      continue;
    }
    if (found) {
      ++found->others;
    } else {
      found.emplace();
      found->token = candidate->token;
      found->unwrapped = candidate->unwrapped;
      if (without_quotes(pasted) != found->token) found->where = place_of(pasted.substr(0, at));
    }
    at = std::max(candidate->end, at + 1);
  }
  return found ? found : too_large;
}

}  // namespace mcpauth::token
