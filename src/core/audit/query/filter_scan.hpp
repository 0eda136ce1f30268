#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace mcpauth::audit::query {

struct Token {
  enum class Kind {
    word,
    quoted,
    comparison,
    open,
    close,
    negation,
    conjunction,
    disjunction,
    end
  };
  Kind kind = Kind::end;
  std::string text = {};  ///< as written; of `quoted`, the text in the quotes, unescaped
  std::size_t at = 0;     ///< the byte where it starts

  bool is_value() const { return kind == Kind::word || kind == Kind::quoted; }
};

/// The tokens of a filter expression. The last one is `end`.
Result<std::vector<Token>> scan(std::string_view expression);

/// The error for a mistake at byte `at` of the expression.
Error mistake(std::string_view expression, std::size_t at, const std::string& message,
              const std::string& hint = {});

}  // namespace mcpauth::audit::query
