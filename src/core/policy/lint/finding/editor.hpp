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

/// Builds the fixes that remove something from the text of a policy or add lines to it. Each
/// function returns nothing when the text has an unusual layout. The reading must outlive it.
class Editor {
 public:
  explicit Editor(const policy::Reading& reading);

  /// Removes an entry of a list with its comma. An entry alone on its line goes with that line and
  /// its comment. `entry` must be an element of `list`.
  std::optional<Fix> without(const std::vector<policy::Text>& list, const policy::Text& entry,
                             std::string title);
  /// Removes a whole `[table]` or `[[table]]` and the comment right above it.
  std::optional<Fix> without_table(const Place& header, const policy::Fields& fields,
                                   std::string title);
  /// Adds lines, indented alike, above the line that begins at this place.
  std::optional<Fix> with_lines_above(const Place& at, const std::vector<std::string>& lines,
                                      std::string title);

 private:
  const SourceText* text_of(const std::string& file);

  const policy::Reading& reading_;
  std::map<std::string, SourceText, std::less<>> texts_;
};

}  // namespace mcpauth::policy::lint
