#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/codec/toml.hpp"
#include "core/policy/engine/fault.hpp"
#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy {

/// All that is wrong in a policy, as it is found.
class Report {
 public:
  explicit Report(std::string_view file) : file_(file) {}

  /// The file that spans without one are of, from now on.
  void enter(std::string_view file) { file_ = file; }
  const std::string& file() const { return file_; }

  Fault& add(std::string_view rule, const toml::Span& span, std::string message,
             std::string hint = {});
  Fault& add(std::string_view rule, const Place& place, std::string message, std::string hint = {});
  Place place(const toml::Span& span) const { return {file_, span}; }
  /// Reports a word that is none of the candidates: the hint is "did you mean ...?" and the fault's
  /// `instead` the nearest of them; `otherwise` is the hint where nothing is near. Only the first
  /// hundred are looked for: a file that is wrong everywhere must not take minutes to say so.
  Fault& add_unknown(std::string_view rule, const Place& place, std::string message,
                     std::string_view word, std::span<const std::string_view> candidates,
                     std::string otherwise);
  bool empty() const { return faults_.empty(); }
  /// The faults by file (as first entered), place and message.
  std::vector<Fault> take();

 private:
  std::string file_;
  std::vector<Fault> faults_;
  unsigned suggestions_ = 0;
};

/// A table with a fixed set of keys. Reports keys beyond them when it is made, and a value of the
/// wrong type when it is asked for; what is absent or wrong comes out empty.
class TableReader {
 public:
  /// `what` is for the messages: "a role", "a grant". All arguments must outlive the reader.
  TableReader(Report& report, const toml::Node& node, std::string_view what,
              std::span<const std::string_view> keys);

  const toml::Node* find(std::string_view key) const { return table_->find(key); }
  /// As `find`, and reports the key's absence.
  const toml::Node* require(std::string_view key);
  /// A string that is not empty; `hint` is for a value that is no string.
  std::optional<Text> text(std::string_view key, std::string_view hint = {});
  /// A list of strings, none of them empty.
  std::vector<Text> texts(std::string_view key);
  Fields fields() const;

 private:
  Report& report_;
  const toml::Table* table_;
  toml::Span span_;
  std::string_view what_;
  std::span<const std::string_view> keys_;
};

/// The node's table, or an empty one and a report.
const toml::Table& table_of(Report& report, const toml::Node& node, std::string_view name);

/// The node as a non-empty string, or a report, with the hint when it is no string.
std::optional<Text> text_of(Report& report, const toml::Node& node, std::string_view name,
                            std::string_view hint = {});

/// The node as a list of non-empty strings; what is not one is reported and left out.
std::vector<Text> texts_of(Report& report, const toml::Node& node, std::string_view name);

}  // namespace mcpauth::policy
