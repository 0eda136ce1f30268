#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/codec/toml_reader.hpp"
#include "core/policy/engine/fault.hpp"
#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy {

/// All that is wrong in a policy, as it is found.
class Report final : public toml::FaultSink {
 public:
  explicit Report(std::string_view file) : file_(file) {}

  /// Sets the file that the spans of later faults are in.
  void enter(std::string_view file) { file_ = file; }
  const std::string& file() const { return file_; }

  void add(toml::Fault fault) override;
  Fault& add(std::string_view rule, const toml::Span& span, std::string message,
             std::string hint = {});
  Fault& add(std::string_view rule, const Place& place, std::string message, std::string hint = {});
  Place place(const toml::Span& span) const { return {file_, span}; }
  /// Reports a word that is none of the candidates. With a `suggestion`, the hint is "did you mean
  /// ...?" and the fault's `instead` is the candidate; without one the hint is `otherwise`.
  Fault& add_unknown(std::string_view rule, const Place& place, std::string message,
                     std::string_view word, std::span<const std::string_view> candidates,
                     std::string otherwise);
  bool empty() const { return faults_.empty(); }
  /// The faults by file (as first entered), place and message.
  std::vector<Fault> take();

 private:
  std::string file_;
  std::vector<Fault> faults_;
};

/// A toml::TableReader whose strings must not be empty and come with their places.
class TableReader {
 public:
  TableReader(Report& report, const toml::Node& node, std::string_view what,
              std::span<const std::string_view> keys)
      : report_(report), reader_(report, node, what, keys) {}

  const toml::Node* find(std::string_view key) const { return reader_.find(key); }
  const toml::Node* require(std::string_view key) { return reader_.require(key); }
  std::optional<Text> text(std::string_view key, std::string_view hint = {});
  std::vector<Text> texts(std::string_view key);
  /// The known keys that the table has.
  Fields fields() const;

 private:
  Report& report_;
  toml::TableReader reader_;
};

/// The node's table, or an empty one and a report.
const toml::Table& table_of(Report& report, const toml::Node& node, std::string_view name);

/// The node as a list of non-empty strings; what is not one is reported and left out.
std::vector<Text> texts_of(Report& report, const toml::Node& node, std::string_view name);

}  // namespace mcpauth::policy
