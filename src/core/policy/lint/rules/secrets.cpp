#include "core/policy/lint/rules/secrets.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/codec/ascii.hpp"

namespace mcpauth::policy::lint {
namespace {

using text::is_digit;

bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_alphanumeric(char c) {
  return is_digit(c) || is_capital(c) || is_small(c);
}

enum class Letters : std::uint8_t { capitals, alphanumeric, underscored, dashed };

bool is_of(Letters letters, char c) {
  switch (letters) {
    case Letters::capitals:
      return is_capital(c) || is_digit(c);
    case Letters::alphanumeric:
      return is_alphanumeric(c);
    case Letters::underscored:
      return is_alphanumeric(c) || c == '_';
    case Letters::dashed:
      return is_alphanumeric(c) || c == '_' || c == '-';
  }
  return false;
}

struct Shape {
  std::string_view prefix;
  Letters letters;
  std::size_t least;  // characters after the prefix
  std::string_view what;
};

constexpr Shape kShapes[] = {
    {"ghp_", Letters::alphanumeric, 30, "a GitHub token"},
    {"gho_", Letters::alphanumeric, 30, "a GitHub token"},
    {"ghu_", Letters::alphanumeric, 30, "a GitHub token"},
    {"ghs_", Letters::alphanumeric, 30, "a GitHub token"},
    {"ghr_", Letters::alphanumeric, 30, "a GitHub token"},
    {"github_pat_", Letters::underscored, 22, "a GitHub token"},
    {"glpat-", Letters::dashed, 20, "a GitLab token"},
    {"xoxa-", Letters::dashed, 10, "a Slack token"},
    {"xoxb-", Letters::dashed, 10, "a Slack token"},
    {"xoxp-", Letters::dashed, 10, "a Slack token"},
    {"xoxr-", Letters::dashed, 10, "a Slack token"},
    {"xoxs-", Letters::dashed, 10, "a Slack token"},
    {"xoxe-", Letters::dashed, 10, "a Slack token"},
    {"xapp-", Letters::dashed, 10, "a Slack token"},
    {"AKIA", Letters::capitals, 16, "an AWS access key"},
    {"ASIA", Letters::capitals, 16, "an AWS access key"},
    {"AIza", Letters::dashed, 35, "a Google API key"},
    {"sk_live_", Letters::alphanumeric, 16, "a Stripe key"},
    {"rk_live_", Letters::alphanumeric, 16, "a Stripe key"},
    {"sk-ant-", Letters::dashed, 20, "an Anthropic key"},
    {"sk-proj-", Letters::dashed, 20, "an OpenAI key"},
    {"npm_", Letters::alphanumeric, 36, "an npm token"},
    {"pypi-", Letters::dashed, 32, "a PyPI token"},
};

/// The length of the run of these letters that begins at `at`.
std::size_t run_of(std::string_view text, std::size_t at, Letters letters) {
  const auto begin = at;
  while (at < text.size() && is_of(letters, text[at]))
    ++at;
  return at - begin;
}

/// Whether a token can begin here: the character before is none of its letters. So no run of
/// letters is walked twice.
bool begins_here(std::string_view text, std::size_t at, Letters letters) {
  const bool is_wide = letters == Letters::dashed;
  return at == 0 || !is_of(is_wide ? Letters::dashed : Letters::underscored, text[at - 1]);
}

Secret known_at(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at);
  for (const auto& [prefix, letters, least, what] : kShapes) {
    if (!rest.starts_with(prefix) || !begins_here(text, at, letters)) continue;
    const auto run = run_of(text, at + prefix.size(), letters);
    if (run >= least) return {at, prefix.size() + run, what};
  }
  return {};
}

/// At least two parts of a JWT, both the encoding of a JSON object.
Secret jwt_at(std::string_view text, std::size_t at) {
  constexpr std::string_view kObject = "eyJ";
  if (!text.substr(at).starts_with(kObject) || !begins_here(text, at, Letters::dashed)) return {};
  const auto head = run_of(text, at, Letters::dashed);
  const auto second = at + head + 1;
  if (second >= text.size() || text[second - 1] != '.' || !text.substr(second).starts_with(kObject))
    return {};
  auto end = second + run_of(text, second, Letters::dashed);
  if (end < text.size() && text[end] == '.') end += 1 + run_of(text, end + 1, Letters::dashed);
  return {at, end - at, "a JWT"};
}

Secret pem_at(std::string_view text, std::size_t at) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::size_t kLongestLabel = 64;
  const auto rest = text.substr(at, kBegin.size() + kLongestLabel);
  if (!rest.starts_with(kBegin)) return {};
  const auto end = rest.find("-----", kBegin.size());
  if (end == std::string_view::npos) return {};
  const bool is_private = rest.substr(0, end).find("PRIVATE") != std::string_view::npos;
  return {at, end + 5, is_private ? "a private key" : "a PEM block"};
}

/// `https://user:password@host`
Secret password_at(std::string_view text, std::size_t at) {
  constexpr std::string_view kScheme = "://";
  if (!text.substr(at).starts_with(kScheme)) return {};
  const auto begin = at + kScheme.size();
  const auto end = std::min(text.find_first_of("/@?# \t\n\"'<>", begin), text.size());
  const auto user = text.substr(begin, end - begin);
  const auto colon = user.find(':');
  const bool is_password = end < text.size() && text[end] == '@' &&
                           colon != std::string_view::npos && colon != 0 && colon + 1 < user.size();
  if (!is_password) return {};
  return {begin, user.size(), "a password in a URL"};
}

bool is_random_letter(char c) {
  return is_alphanumeric(c) || c == '+' || c == '/' || c == '_' || c == '-' || c == '=';
}

bool looks_random(std::string_view run) {
  constexpr std::size_t kLongest = 32;
  constexpr std::ptrdiff_t kLeastOfEach = 3;
  if (run.size() <= kLongest || std::ranges::count_if(run, is_digit) < kLeastOfEach ||
      std::ranges::count_if(run, is_capital) < kLeastOfEach ||
      std::ranges::count_if(run, is_small) < kLeastOfEach) {
    return false;
  }
  const auto kind = [](char c) {
    return is_digit(c) ? 0 : is_capital(c) ? 1 : is_small(c) ? 2 : 3;
  };
  std::size_t changes = 0;
  for (std::size_t i = 1; i < run.size(); ++i) {
    const auto before = kind(run[i - 1]);
    const auto here = kind(run[i]);
    changes += before != here && before != 3 && here != 3 ? 1 : 0;
  }
  // In a random string the kind changes at two of three characters; in words, at one of eight.
  return changes * 3 >= run.size();
}

constexpr std::size_t kMost = 20;  // secrets reported in one string or comment

void add_random(std::string_view text, std::vector<Secret>& secrets) {
  for (std::size_t at = 0; at < text.size() && secrets.size() < kMost; ++at) {
    const auto begin = at;
    while (at < text.size() && is_random_letter(text[at]))
      ++at;
    if (!looks_random(text.substr(begin, at - begin))) continue;
    const bool is_known = std::ranges::any_of(secrets, [&](const Secret& secret) {
      return secret.begin < at && begin < secret.begin + secret.length;
    });
    if (!is_known) secrets.push_back({begin, at - begin, "a long random string"});
  }
}

/// The index of two characters in kBeginnings; 0 when one of them is not ASCII.
constexpr std::size_t pair_of(char first, char second) {
  const auto a = static_cast<unsigned char>(first);
  const auto b = static_cast<unsigned char>(second);
  return a < 0x80 && b < 0x80 ? a * std::size_t{0x80} + b : 0;
}

/// For each pair of characters: whether a secret can begin with it. Most of a long text is skipped
/// by this table.
constexpr auto kBeginnings = [] {
  std::array<bool, std::size_t{0x80} * 0x80> table = {};
  for (const auto& shape : kShapes)
    table[pair_of(shape.prefix[0], shape.prefix[1])] = true;
  for (const std::string_view begin : {"ey", "--", ":/"})  // JWT, PEM, URL
    table[pair_of(begin[0], begin[1])] = true;
  return table;
}();

}  // namespace

std::vector<Secret> secrets_in(std::string_view text, SecretsIn where) {
  std::vector<Secret> secrets;
  for (std::size_t at = 0; at + 1 < text.size() && secrets.size() < kMost; ++at) {
    if (!kBeginnings[pair_of(text[at], text[at + 1])]) continue;
    Secret found = known_at(text, at);
    for (const auto look : {jwt_at, pem_at, password_at}) {
      if (found.length == 0) found = look(text, at);
    }
    if (found.length == 0) continue;
    secrets.push_back(found);
    at = found.begin + found.length - 1;
  }
  if (where == SecretsIn::sentences) add_random(text, secrets);
  return secrets;
}

}  // namespace mcpauth::policy::lint
