#pragma once

#include <expected>
#include <utility>

#include "core/base/error.hpp"

namespace mcpauth {

/// A T, or the Error that prevented it. Reading the wrong side ends the process
/// (_GLIBCXX_ASSERTIONS is always on): a security tool must not go on with a value that it does not
/// have.
template <class T>
struct [[nodiscard]] Result : std::expected<T, Error> {
  using std::expected<T, Error>::expected;
  Result(Error error) : std::expected<T, Error>(std::unexpected(std::move(error))) {}
};

}  // namespace mcpauth

// TRY(auto key, load_key(path));   declares `key`, or returns the error to the caller.
// TRY_VOID(store.commit());        the same for Result<void>.
// CO_TRY and CO_TRY_VOID do it with co_return. These are statements, never expressions: the
// GNU ({ }) form makes g++ 12 crash when a coroutine uses it.
// NOLINTBEGIN(bugprone-macro-parentheses): `declaration` and `leave` are not expressions.
#define MCPAUTH_JOIN_(a, b) a##b
#define MCPAUTH_JOIN(a, b) MCPAUTH_JOIN_(a, b)
#define MCPAUTH_TRY_(leave, result, declaration, expression) \
  auto result = (expression);                                \
  if (!result) [[unlikely]]                                  \
    leave std::move(result).error();                         \
  declaration = *std::move(result)
#define MCPAUTH_TRY_VOID_(leave, expression)                \
  do {                                                      \
    if (auto result_ = (expression); !result_) [[unlikely]] \
      leave std::move(result_).error();                     \
  } while (false)
#define TRY(declaration, expression) \
  MCPAUTH_TRY_(return, MCPAUTH_JOIN(result_, __COUNTER__), declaration, expression)
#define CO_TRY(declaration, expression) \
  MCPAUTH_TRY_(co_return, MCPAUTH_JOIN(result_, __COUNTER__), declaration, expression)
#define TRY_VOID(expression) MCPAUTH_TRY_VOID_(return, expression)
#define CO_TRY_VOID(expression) MCPAUTH_TRY_VOID_(co_return, expression)
// NOLINTEND(bugprone-macro-parentheses)
