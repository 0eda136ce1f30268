#include "core/audit/log/record.hpp"

#include <utility>

#include "core/codec/json.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::audit {
namespace {

// These keep every line below kMaxLine, whatever a caller sends.
constexpr std::size_t kLongestText = 1024;
constexpr std::size_t kLongestList = 16384;

/// Names come from outside. A long name would be a way to fill the disk.
std::string bounded(std::string_view value) {
  if (value.size() <= kLongestText) return std::string(value);
  std::size_t cut = kLongestText;
  while (cut > kLongestText - 4 && (static_cast<unsigned char>(value[cut]) & 0xC0U) == 0x80U)
    --cut;
  return std::string(value.substr(0, cut)) + "… (" + std::to_string(value.size()) + " bytes)";
}

/// As a JSON string. Invalid UTF-8 would make the line unreadable for every parser.
std::string json_text(std::string_view value) {
  const std::string text = bounded(value);
  return json::quote(text::is_utf8(text) ? text : text::printable(text));
}

/// Writes the members of a line in their order.
class LineWriter {
 public:
  LineWriter() { line_.reserve(512); }

  void text(std::string_view name, std::string_view value) {
    start(name);
    line_ += value.empty() ? "null" : json_text(value);
  }
  void number(std::string_view name, std::optional<std::int64_t> value) {
    start(name);
    line_ += value ? std::to_string(*value) : "null";
  }
  void list(std::string_view name, const std::vector<std::string>& values) {
    start(name);
    line_ += '[';
    std::size_t room = kLongestList;
    std::size_t written = 0;
    for (const auto& value : values) {
      if (value.empty()) continue;
      if (written++ != 0) line_ += ',';
      if (value.size() > room) {
        line_ += json_text("… (" + std::to_string(values.size() - written + 1) + " more)");
        break;
      }
      room -= value.size();
      line_ += json_text(value);
    }
    line_ += ']';
  }
  std::string finish() {
    line_ += '}';
    return std::move(line_);
  }

 private:
  void start(std::string_view name) { line_.append(",\"").append(name).append("\":"); }

  std::string line_;
};

}  // namespace

std::string_view name(Phase phase) {
  return phase == Phase::intent ? "intent" : "outcome";
}

std::string line_start(std::uint64_t seq) {
  return "{\"seq\":" + std::to_string(seq);
}

std::string to_line(const Record& record, std::uint64_t seq, Instant ts) {
  return line_start(seq) + to_line_end(record, ts);
}

std::string to_line_end(const Record& record, Instant ts) {
  LineWriter line;
  line.text("ts", time::format_instant(ts));
  line.text("id", record.id);
  line.text("request_id", record.request_id);
  line.text("event", record.event);
  line.text("phase", name(record.phase));
  line.text("org_id", record.org_id);
  line.text("sub", record.sub);
  line.text("idp", record.idp);
  line.text("client_id", record.client_id);
  line.text("server", record.server);
  line.text("tool", record.tool);
  line.list("scopes", record.scopes);
  line.text("decision", record.decision);
  line.text("reason", record.reason);
  line.text("policy", record.policy);
  line.text("jti", record.jti);
  line.number("status", record.status);
  line.number("latency_us",
              record.latency ? std::optional<std::int64_t>(record.latency->count()) : std::nullopt);
  return line.finish();
}

}  // namespace mcpauth::audit
