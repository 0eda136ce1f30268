#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/engine/load.hpp"
#include "core/policy/lint/finding/finding.hpp"
#include "core/policy/lint/source/source_text.hpp"

namespace mcpauth::policy::lint {

/// Finds what has to be changed in the text of a policy to take something out of it or to add a
/// line. Nothing comes back where the text is not of the form that people write: then there is no
/// fix. The reading must outlive it.
class Editor {
 public:
  explicit Editor(const policy::Reading& reading);

  /// Takes an entry of this list out, with its comma and, where it stands on a line of its own,
  /// with that line and its comment.
  std::optional<Fix> without(const std::vector<policy::Text>& list, const policy::Text& entry,
                             std::string title);
  /// Takes a whole `[table]` or `[[table]]` out, with the comment right above it.
  std::optional<Fix> without_table(const Place& header, const policy::Fields& fields,
                                   std::string title);
  /// Adds lines above the one that begins with what is at this place, as far in.
  std::optional<Fix> with_lines_above(const Place& at, const std::vector<std::string>& lines,
                                      std::string title);

 private:
  const SourceText* text_of(const std::string& file);

  const policy::Reading& reading_;
  std::map<std::string, SourceText, std::less<>> texts_;
};

}  // namespace mcpauth::policy::lint
