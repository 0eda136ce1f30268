#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"
#include "core/codec/toml.hpp"

// Strict reading of TOML tables. A reader goes on after a fault, so that one run finds all of them.
namespace mcpauth::toml {

enum class FaultKind { unknown_key, missing_key, wrong_type };

/// One thing that is wrong with a table.
struct Fault {
  FaultKind kind;
  Span span = {};
  std::string message = {};  ///< as in Error
  std::string hint = {};
  std::optional<std::string> instead = {};  ///< for an unknown key, the known one that is nearest
};

/// Receives the faults of one file.
class FaultSink {
 public:
  FaultSink() = default;
  FaultSink(const FaultSink&) = default;
  FaultSink& operator=(const FaultSink&) = default;
  virtual ~FaultSink() = default;

  virtual void add(Fault fault) = 0;
  /// The candidate that was probably meant. Only the first hundred words are compared: a file that
  /// is wrong everywhere must not take minutes.
  std::optional<std::string_view> suggestion(std::string_view word,
                                             std::span<const std::string_view> candidates);

 private:
  unsigned suggestions_ = 0;
};

/// A sink that keeps each fault as a Problem, together with what else is wrong in the file.
class Problems final : public FaultSink {
 public:
  explicit Problems(std::string_view file) : file_(file) {}

  void add(Fault fault) override;
  void add(const Span& span, std::string message, std::string hint = {});
  void add(Problem problem);
  bool empty() const { return problems_.empty(); }
  const std::string& file() const { return file_; }
  /// In the order of their places.
  std::vector<Problem> take();

 private:
  std::string file_;
  std::vector<Problem> problems_;
};

/// Reports a value of the wrong type: "`ttl` must be a string, not a list". `subject` is quoted
/// already, `wanted` has its article.
void add_wrong_type(FaultSink& sink, const Node& node, std::string_view subject,
                    std::string_view wanted, std::string_view hint = {});

// Each of these reports a node of another type, which then reads as empty or null. `subject` is as
// above.
const Table& table_of(FaultSink& sink, const Node& node, std::string_view subject);
const std::string* text_of(FaultSink& sink, const Node& node, std::string_view subject,
                           std::string_view hint = {});
/// The nodes of a list that are strings; others are reported and left out. Without a hint, a lone
/// string is suggested in brackets.
std::vector<const Node*> texts_of(FaultSink& sink, const Node& node, std::string_view subject,
                                  std::string_view hint = {});

/// A table with a fixed set of keys. All other keys are reported when the reader is made, with the
/// nearest of the fixed ones. To ask for a key that is not in the set is a mistake of the program.
class TableReader {
 public:
  /// `what` is for the messages: "a role", "[issuer]". All arguments must outlive the reader.
  TableReader(FaultSink& sink, const Node& node, std::string_view what,
              std::span<const std::string_view> keys);
  /// The same for a table whose span is known.
  TableReader(FaultSink& sink, const Table& table, const Span& span, std::string_view what,
              std::span<const std::string_view> keys);

  /// The value of a key, or null.
  const Node* find(std::string_view key) const;
  /// As `find`, and reports a key that is not there.
  const Node* require(std::string_view key);
  /// The string of a key, or null.
  const std::string* text(std::string_view key, std::string_view hint = {});
  std::vector<const Node*> texts(std::string_view key, std::string_view hint = {});

  const Table& table() const { return *table_; }
  const Span& span() const { return span_; }
  std::string_view what() const { return what_; }
  std::span<const std::string_view> keys() const { return keys_; }

 private:
  void report_unknown_keys();

  FaultSink* sink_;
  const Table* table_;
  Span span_;
  std::string_view what_;
  std::span<const std::string_view> keys_;
};

}  // namespace mcpauth::toml
