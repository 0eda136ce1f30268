#include "cli/audit/glyphs.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/audit/report/plot.hpp"
#include "core/audit/report/stats.hpp"
#include "core/codec/ascii.hpp"

namespace mcpauth::cli {
namespace {

constexpr std::size_t kBar = 32;          // columns
constexpr std::size_t kLongestName = 44;  // columns; leaves room for number and bar in 100

bool is_utf8_locale(const Env& env) {
  for (const std::string_view name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = env.variable(name).value_or("");
    if (value.empty()) continue;
    const std::string lower = text::lowered(value);
    return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
  }
  return false;
}

std::size_t rounded(double columns) {
  return static_cast<std::size_t>(std::lround(columns));
}

std::string repeated(std::string_view character, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i)
    out += character;
  return out;
}

}  // namespace

Glyphs::Glyphs(const Env& env) : utf8_(is_utf8_locale(env)) {}

std::string Glyphs::bar(std::uint64_t count, std::uint64_t greatest) const {
  constexpr std::array<std::string_view, 8> kEighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (count == 0 || greatest == 0) return "";
  const double part = static_cast<double>(count) / static_cast<double>(greatest);
  const auto eighths = std::max<std::size_t>(rounded(part * static_cast<double>(kBar * 8)), 1);
  if (!utf8_) return repeated("#", std::max<std::size_t>(eighths / 8, 1));
  return repeated("█", eighths / 8).append(kEighths[eighths % 8]);
}

std::string Glyphs::hatched_bar(std::uint64_t count, std::uint64_t greatest) const {
  if (count == 0) return "";
  const auto whole = static_cast<double>(kBar) * static_cast<double>(count);
  const auto columns = rounded(whole / static_cast<double>(greatest));
  return repeated(utf8_ ? "▒" : "x", std::max<std::size_t>(columns, 1));
}

std::string Glyphs::name(std::string_view from_outside) const {
  constexpr std::string_view kEllipsis = "…";
  if (from_outside.empty()) return "-";
  std::string cut = audit::report::cut_to(from_outside, kLongestName);
  if (!utf8_ && cut.ends_with(kEllipsis)) {
    cut.replace(cut.size() - kEllipsis.size(), kEllipsis.size(), "...");
  }
  return cut;
}

std::string Glyphs::duration(std::uint64_t micros) const {
  constexpr std::string_view kMicro = "µ";
  std::string text = audit::report::duration_text(micros);
  const auto at = text.find(kMicro);
  if (!utf8_ && at != std::string::npos) text.replace(at, kMicro.size(), "u");
  return text;
}

}  // namespace mcpauth::cli
