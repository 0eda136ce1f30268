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
  std::string text = {};  ///< as written; of a quoted one what is in the quotes, without escapes
  std::size_t at = 0;     ///< the byte where it starts

  bool is_value() const { return kind == Kind::word || kind == Kind::quoted; }
};

/// The tokens of a filter expression; the last one is the `end`.
Result<std::vector<Token>> scan(std::string_view expression);

/// What is wrong at this byte of the expression, as an Error.
Error mistake(std::string_view expression, std::size_t at, const std::string& message,
              const std::string& hint = {});

}  // namespace mcpauth::audit::query
