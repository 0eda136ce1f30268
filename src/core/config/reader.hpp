#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/codec/toml.hpp"
#include "core/config/config.hpp"
#include "core/config/forms.hpp"

namespace mcpauth::config {

/// What reading one file collects.
struct Notes {
  std::string file;
  std::filesystem::path folder;  ///< relative paths start here
  std::span<const Override> overrides = {};
  std::vector<Problem> problems = {};
  std::vector<Setting> settings = {};
};

enum class Need { required, optional };

/// Reads the keys of one table. A value that is missing or wrong is noted as a problem and read as
/// empty, so that reading goes on and finds the rest. `finish` must be called last: it knows which
/// keys were asked for and reports all others.
class Reader {
 public:
  /// `title` is for messages ("[issuer]"), `path` for the settings' names ("issuer").
  Reader(Notes& notes, const toml::Table& table, const toml::Span& span, std::string title,
         std::string path);

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

  /// The node of a key with a structure of its own, or null. Asked for, it counts as known.
  const toml::Node* node(std::string_view key);
  void finish();

  bool has(std::string_view key) const { return table_.find(key) != nullptr; }
  /// Notes a problem at the key's value, or at the table where the key is not there.
  void problem(std::string_view key, std::string message, std::string hint = {});
  void note(std::string_view key, std::string value);
  const std::string& title() const { return title_; }
  Notes& notes() { return notes_; }

 private:
  const std::string* string_node(std::string_view key, Need need);
  bool holds(std::string_view key, std::string_view value, Form form, const toml::Span& span);
  std::string resolved(std::string_view path) const;
  /// What beats the file's value of this key, or null.
  const Override* override_of(std::string_view key) const;
  Problem problem_at(std::string_view key, const toml::Span& span, std::string message,
                     std::string hint) const;

  Notes& notes_;
  const toml::Table& table_;
  toml::Span span_;
  std::string title_;
  std::string path_;
  std::vector<std::string_view> known_;
};

}  // namespace mcpauth::config
