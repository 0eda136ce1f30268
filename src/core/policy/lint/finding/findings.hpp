#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/policy/lint/finding/finding.hpp"

namespace mcpauth::policy::lint {

/// Says that a rule was not checked, or not in full.
struct Note {
  std::string_view rule = {};  ///< the rule's name; empty: several rules
  std::string text =
      {};  ///< why: "more than 50,000 sets of patterns"; one line without a full stop
};

/// Collects what the rules find.
class Findings {
 public:
  /// Adds a finding at the rule's own severity. Set its other members on what is returned, which is
  /// valid until the next call.
  Finding& add(const Rule& rule, const Place& place, std::string message) {
    list_.push_back(
        {.rule = &rule, .severity = rule.severity, .place = place, .message = std::move(message)});
    return list_.back();
  }
  /// A rule that gives up says so: silence would read as "nothing found".
  void not_judged(const Rule& rule, std::string_view why) {
    notes_.push_back({rule.name, std::string(why)});
  }
  /// The same for several rules at once.
  void not_judged(std::string_view why) { notes_.push_back({{}, std::string(why)}); }

  std::vector<Finding> take() { return std::move(list_); }
  std::vector<Note> take_notes() { return std::move(notes_); }

 private:
  std::vector<Finding> list_;
  std::vector<Note> notes_;
};

}  // namespace mcpauth::policy::lint
