#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/codec/toml_reader.hpp"
#include "core/config/config.hpp"
#include "core/config/forms.hpp"

namespace mcpauth::config {

/// What reading one file collects.
struct Notes {
  toml::Problems problems;
  std::filesystem::path folder;  ///< relative paths start here
  std::span<const Override> overrides = {};
  std::vector<Setting> settings = {};

  const std::string& file() const { return problems.file(); }
};

/// One table of the file, and what it is called.
struct Section {
  Notes& notes;
  const toml::Table& table;
  toml::Span span;
  std::string title;  ///< for messages: "[issuer]"
  std::string path;   ///< for the settings' names: "issuer"
};

enum class Need { required, optional };

/// Reads the keys of one table. A value that is missing or wrong is noted as a problem and read as
/// empty, so that reading goes on and finds the rest.
class Reader {
 public:
  /// Keys that are not among `keys` are problems. Both arguments must outlive the reader.
  Reader(const Section& section, std::span<const std::string_view> keys);

  std::string text(std::string_view key, Need need, Form form = any_text);
  /// The same with a value for when the key is not there.
  std::string text_or(std::string_view key, std::string_view fallback, Form form = any_text);
  std::vector<std::string> texts(std::string_view key, Need need, Form form = any_text);
  std::chrono::seconds duration_or(std::string_view key, std::chrono::seconds fallback,
                                   std::chrono::seconds least, std::chrono::seconds most);
  std::filesystem::path path(std::string_view key, Need need);
  /// A secret reference; `file:` paths are resolved.
  std::string reference(std::string_view key, Need need);
  /// One reference or a list of them.
  std::vector<std::string> references(std::string_view key);
  /// "64MB", "1GiB": a whole number with a unit.
  std::uint64_t size_or(std::string_view key, std::uint64_t fallback, std::uint64_t least);
  /// A store or socket address whose path after `scheme` is resolved.
  std::string address(std::string_view key, Need need, std::string_view scheme, Form form);

  /// The node of a key that has a structure of its own, or null.
  const toml::Node* find(std::string_view key) const { return table_.find(key); }
  bool has(std::string_view key) const { return find(key) != nullptr; }
  /// Notes a problem at the key's value, or at the table where the key is not there.
  void problem(std::string_view key, std::string message, std::string hint = {});
  /// Notes a setting in force, for describe().
  void note(std::string_view key, std::string value);
  const std::string& title() const { return section_.title; }
  Notes& notes() { return section_.notes; }

 private:
  const std::string* string_node(std::string_view key, Need need);
  bool holds(std::string_view key, std::string_view value, Form form, const toml::Span& span);
  std::string resolved(std::string_view path) const;
  std::string setting(std::string_view key) const;
  /// What beats the file's value of this key, or null.
  const Override* override_of(std::string_view key) const;
  void problem_at(std::string_view key, const toml::Span& span, std::string message,
                  std::string hint);

  const Section& section_;
  toml::TableReader table_;
};

}  // namespace mcpauth::config
