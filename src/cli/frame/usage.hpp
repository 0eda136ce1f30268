#pragma once

#include <string>
#include <utility>

#include "core/base/error.hpp"

namespace mcpauth::cli {

/// The error of a command line that is wrong.
inline Error usage(std::string message, std::string hint = {}) {
  return {.code = Errc::usage, .message = std::move(message), .hint = std::move(hint)};
}

}  // namespace mcpauth::cli
