#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "core/audit/log/record.hpp"

namespace mcpauth::audit::query::test {

inline constexpr Instant kNow{std::chrono::seconds(1'800'000'000)};

/// A record as a line with its newline. Each record is one second later than the one before.
inline std::string line(std::uint64_t seq, std::string sub = "alice") {
  return audit::to_line({.id = "i",
                         .request_id = "r",
                         .event = "call",
                         .sub = std::move(sub),
                         .decision = "allow"},
                        seq, kNow + std::chrono::seconds(seq)) +
         "\n";
}

inline std::string lines(std::uint64_t from, std::uint64_t to) {
  std::string out;
  for (; from < to; ++from)
    out += line(from);
  return out;
}

/// Appends in one write, as a writer does.
inline void append(const std::filesystem::path& file, std::string_view text) {
  std::ofstream(file, std::ios::binary | std::ios::app) << text;
}

}  // namespace mcpauth::audit::query::test
