#pragma once

#include <string>

#include "core/audit/log/line.hpp"
#include "core/audit/log/record.hpp"

namespace mcpauth::test {

inline constexpr Instant kWhen{std::chrono::seconds(1'800'000'000)};  // 2027-01-15T08:00:00Z

inline audit::Record denied(std::string sub, std::string tool, std::string_view reason) {
  return {.id = "i",
          .request_id = "r",
          .event = "mint",
          .org_id = "acme",
          .sub = std::move(sub),
          .tool = std::move(tool),
          .decision = "deny",
          .reason = reason};
}

inline audit::Record allowed(std::string sub, std::string tool) {
  auto record = denied(std::move(sub), std::move(tool), "granted");
  record.decision = "allow";
  return record;
}

/// Hands a record to `take` as a line of a log is.
template <class Take>
void as_line(const audit::Record& record, Take take, Instant at = kWhen, std::uint64_t seq = 0) {
  const std::string line = audit::to_line(record, seq, at);
  const auto view = audit::LineView::of(line);
  if (view) take(*view);
}

}  // namespace mcpauth::test
