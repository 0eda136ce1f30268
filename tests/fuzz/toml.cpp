#include "core/codec/toml.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/panic.hpp"
#include "core/codec/toml_lexer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using mcpauth::toml::Span;

bool stands(const Span& span) {
  return span.line != 0 && span.column != 0 && span.end_line >= span.line &&
         (span.end_line > span.line || span.end_column >= span.column);
}

void check(const mcpauth::toml::Table& table) {
  const Span* before = nullptr;
  for (const auto& entry : table.entries) {
    if (!stands(entry.key_span) || !stands(entry.node.span)) mcpauth::panic("a bad place");
    if (before != nullptr && before->line > entry.key_span.line) mcpauth::panic("out of order");
    before = &entry.key_span;
    if (const auto* inner = entry.node.table()) check(*inner);
  }
}

/// The text with blanks in place of its comments.
std::string without_comments(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto lexeme = mcpauth::toml::first_lexeme(text);
    const bool is_comment = lexeme.kind == mcpauth::toml::Lexeme::Kind::comment;
    const bool has_return = is_comment && lexeme.text.ends_with('\r');
    out += is_comment ? std::string(lexeme.text.size() - (has_return ? 1 : 0), ' ')
                      : std::string(lexeme.text);
    if (has_return) out += '\r';
    text.remove_prefix(lexeme.text.size());
  }
  return out;
}

}  // namespace

// Any input is refused with one problem and its place, or it is read in order and every place is
// known. A file that is read can also be read without its comments.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto table = mcpauth::toml::parse(text, "fuzz");
  if (table) {
    check(*table);
    if (!mcpauth::toml::parse(without_comments(text), "fuzz")) {
      mcpauth::panic("the lexer and the parser do not agree about comments");
    }
  } else if (table.error().problems.size() != 1 || table.error().problems[0].line == 0) {
    mcpauth::panic("a refusal without a place");
  }
  return 0;
}
