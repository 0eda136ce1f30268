#pragma once

#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mcpauth::test {

/// A value of a file under tests/data. Its first line says where it comes from; each other line is
/// a name, a space and the value.
inline std::string vector_of(std::string_view file, std::string_view name) {
  std::ifstream in(std::string(MCPAUTH_TEST_DATA "/").append(file));
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    if (line.starts_with(name) && line.substr(name.size(), 1) == " ") {
      return line.substr(name.size() + 1);
    }
  }
  throw std::runtime_error(std::string(file).append(" has no ").append(name));
}

}  // namespace mcpauth::test
