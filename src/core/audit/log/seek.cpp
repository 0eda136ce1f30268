#include "core/audit/log/seek.hpp"

#include "core/audit/log/line.hpp"
#include "core/audit/log/line_reader.hpp"

namespace mcpauth::audit {
namespace {

struct Probe {
  std::uint64_t line_start = 0;
  std::optional<std::uint64_t> seq;  ///< nothing if no record starts after the offset
};

/// The first line that starts at or after `offset` and is a record.
Result<Probe> probe(const Segment& segment, LineReader& lines, std::uint64_t offset) {
  // From one byte earlier: if that byte is a newline, a line starts at `offset`.
  lines.seek(offset == 0 ? 0 : offset - 1);
  if (offset != 0 && !lines.next()) return Probe{.line_start = segment.bytes, .seq = {}};
  while (const auto line = lines.next()) {
    if (const auto seq = seq_of(*line)) return Probe{.line_start = lines.offset(), .seq = seq};
  }
  TRY_VOID(lines.status());
  return Probe{.line_start = segment.bytes, .seq = {}};
}

}  // namespace

Result<std::uint64_t> offset_of_seq(const Segment& segment, std::uint64_t seq) {
  std::uint64_t low = 0;  // the wanted line starts at or after `low`
  std::uint64_t high = segment.bytes;
  std::uint64_t found = segment.bytes;
  TRY(auto lines, LineReader::open(segment, 0, 4096));
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    TRY(const Probe seen, probe(segment, lines, middle));
    if (seen.seq && *seen.seq < seq) {
      low = seen.line_start + 1;
    } else {
      if (seen.seq) found = seen.line_start;
      high = middle;
    }
  }
  return found;
}

}  // namespace mcpauth::audit
