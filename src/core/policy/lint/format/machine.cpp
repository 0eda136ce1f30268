#include "core/policy/lint/format/machine.hpp"

#include <cstdint>
#include <filesystem>

#include "core/codec/format.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::policy::lint {
namespace {

std::uint64_t fnv1a(std::string_view text, std::uint64_t hash) {
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001B3U;
  }
  return hash;
}

}  // namespace

std::vector<const Finding*> standing(const Document& document) {
  std::vector<const Finding*> out;
  for (const auto& finding : document.findings) {
    if (stands(finding)) out.push_back(&finding);
  }
  return out;
}

std::string plain_sentence(const Finding& finding) {
  std::string out = finding.message;
  if (!finding.why.empty()) out += "; why: " + finding.why;
  if (!finding.hint.empty()) out += "; " + finding.hint;
  return out;
}

std::string sentence(const Finding& finding) {
  return text::printable(plain_sentence(finding));
}

std::string relative_path(std::string_view file) {
  return std::filesystem::path(file).lexically_normal().generic_string();
}

std::string uri_of(std::string_view file) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  const auto path = relative_path(file);
  std::string out = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += text::format("%{:02x}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string fnv1a_fingerprint(std::string_view text) {
  constexpr std::uint64_t kBasis = 0xCBF29CE484222325U;
  const auto first = fnv1a(text, kBasis);
  return text::format("{:016x}{:016x}", first, fnv1a(text, ~first));
}

}  // namespace mcpauth::policy::lint
