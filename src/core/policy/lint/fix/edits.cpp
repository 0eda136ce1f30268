#include "core/policy/lint/fix/edits.hpp"

namespace mcpauth::policy::lint {
namespace {

/// Whether no replacement overlaps [begin, end) or begins at the same byte.
template <class Replacements>
bool is_free(const Replacements& taken, std::size_t begin, std::size_t end) {
  const auto next = taken.lower_bound(begin);
  if (next != taken.end() && (next->first < end || next->first == begin)) return false;
  return next == taken.begin() || std::prev(next)->second.end <= begin;
}

}  // namespace

const SourceText* EditSet::text_of(const std::string& file) {
  if (const auto known = indexed_.find(file); known != indexed_.end()) return known->second.get();
  const auto text = texts_.find(file);
  if (text == texts_.end()) return nullptr;
  return indexed_.emplace(file, std::make_unique<SourceText>(text->second)).first->second.get();
}

bool EditSet::add(const Fix& fix) {
  std::map<std::string, Replacements> own;
  for (const auto& [place, text] : fix.edits) {
    const auto* source = text_of(place.file);
    if (source == nullptr || place.span.line == 0) return false;
    const auto begin = source->offset(place.span.line, place.span.column);
    const auto end = source->offset(place.span.end_line, place.span.end_column);
    if (end < begin || !is_free(replacements_[place.file], begin, end) ||
        !is_free(own[place.file], begin, end)) {
      return false;
    }
    own[place.file].emplace(begin, Replacement{end, text});
  }
  for (auto& [file, replacements] : own)
    replacements_[file].merge(replacements);
  return true;
}

Texts EditSet::apply() const {
  Texts out = texts_;
  for (const auto& [file, replacements] : replacements_) {
    const std::string& before = texts_.find(file)->second;
    std::string after;
    std::size_t at = 0;
    for (const auto& [begin, replacement] : replacements) {
      after.append(before, at, begin - at).append(replacement.text);
      at = replacement.end;
    }
    out[file] = after.append(before, at);
  }
  return out;
}

}  // namespace mcpauth::policy::lint
