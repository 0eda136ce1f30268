// The library is compiled into this file: Debian has it as a shared library, which every start of
// the program would have to load.
#define FMT_HEADER_ONLY
#include "core/codec/format.hpp"

#include <fmt/format.h>

namespace mcpauth::text {

std::string format_checked(fmt::string_view format, fmt::format_args arguments) {
  return fmt::vformat(format, arguments);
}

}  // namespace mcpauth::text
