#pragma once

#include <string>
#include <utility>
#include <vector>

namespace mcpauth::cli {

struct ManualPage {
  std::string file;  ///< "mcpauth-keys.1"
  std::string text;  ///< mdoc
};

/// mcpauth.1 and one page for each first word of a command.
std::vector<ManualPage> manual();

}  // namespace mcpauth::cli
