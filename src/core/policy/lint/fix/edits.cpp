#include "core/policy/lint/fix/edits.hpp"

namespace mcpauth::policy::lint {
namespace {

/// Whether nothing there overlaps [begin, end), and nothing begins at the same byte.
template <class Pieces>
bool is_free(const Pieces& pieces, std::size_t begin, std::size_t end) {
  const auto next = pieces.lower_bound(begin);
  if (next != pieces.end() && (next->first < end || next->first == begin)) return false;
  return next == pieces.begin() || std::prev(next)->second.end <= begin;
}

}  // namespace

const SourceText* Patchwork::text_of(const std::string& file) {
  if (const auto known = indexed_.find(file); known != indexed_.end()) return known->second.get();
  const auto text = texts_.find(file);
  if (text == texts_.end()) return nullptr;
  return indexed_.emplace(file, std::make_unique<SourceText>(text->second)).first->second.get();
}

bool Patchwork::add(const Fix& fix) {
  std::map<std::string, Pieces> own;
  for (const auto& [place, text] : fix.edits) {
    const auto* source = text_of(place.file);
    if (source == nullptr || place.span.line == 0) return false;
    const auto begin = source->offset(place.span.line, place.span.column);
    const auto end = source->offset(place.span.end_line, place.span.end_column);
    if (end < begin || !is_free(pieces_[place.file], begin, end) ||
        !is_free(own[place.file], begin, end)) {
      return false;
    }
    own[place.file].emplace(begin, Piece{end, text});
  }
  for (auto& [file, pieces] : own)
    pieces_[file].merge(pieces);
  return true;
}

Texts Patchwork::apply() const {
  Texts out = texts_;
  for (const auto& [file, pieces] : pieces_) {
    const std::string& before = texts_.find(file)->second;
    std::string after;
    std::size_t at = 0;
    for (const auto& [begin, piece] : pieces) {
      after.append(before, at, begin - at).append(piece.text);
      at = piece.end;
    }
    out[file] = after.append(before, at);
  }
  return out;
}

}  // namespace mcpauth::policy::lint
