#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/policy/lint/finding/finding.hpp"
#include "core/policy/lint/source/source_text.hpp"

namespace mcpauth::policy::lint {

/// The texts of files, by name.
using Texts = std::map<std::string, std::string, std::less<>>;

/// Fixes put together, to be applied to the texts at once. The texts must outlive it.
class Patchwork {
 public:
  explicit Patchwork(const Texts& texts) : texts_(texts) {}

  /// False, and nothing is added, when one of its edits touches one that is there already, or a
  /// file that is not.
  bool add(const Fix& fix);
  /// The texts with all of it.
  Texts apply() const;

 private:
  struct Piece {
    std::size_t end = 0;
    std::string text = {};
  };
  using Pieces = std::map<std::size_t, Piece>;  // by where it begins

  const SourceText* text_of(const std::string& file);

  const Texts& texts_;
  std::map<std::string, std::unique_ptr<SourceText>> indexed_;
  std::map<std::string, Pieces> pieces_;
};

}  // namespace mcpauth::policy::lint
