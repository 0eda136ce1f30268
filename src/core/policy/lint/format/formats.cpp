#include "core/policy/lint/format/formats.hpp"

#include <algorithm>

namespace mcpauth::policy::lint {
namespace {

constexpr Format kFormats[] = {
    {"text", write_text},   {"concise", write_concise},       {"json", write_json},
    {"sarif", write_sarif}, {"github", write_github},         {"gitlab", write_gitlab},
    {"junit", write_junit}, {"checkstyle", write_checkstyle},
};

}  // namespace

std::span<const Format> formats() {
  return kFormats;
}

const Format* find_format(std::string_view name) {
  const auto* found = std::ranges::find(kFormats, name, &Format::name);
  return found == std::end(kFormats) ? nullptr : found;
}

const policy::Source* source_of(const Document& document, std::string_view file) {
  for (const auto* reading : document.readings) {
    const auto found = std::ranges::find(reading->sources, file, &policy::Source::file);
    if (found != reading->sources.end()) return &*found;
  }
  return nullptr;
}

bool stands(const Finding& finding) {
  return !finding.suppressed && !finding.is_in_baseline;
}

}  // namespace mcpauth::policy::lint
