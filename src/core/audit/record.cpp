#include "core/audit/record.hpp"

#include "core/codec/json.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::audit {
namespace {

/// What keeps every line under kMaxLine, whatever a stranger calls himself.
constexpr std::size_t kLongestText = 1024;
constexpr std::size_t kLongestList = 16384;

/// Names come from strangers: what is not UTF-8 would make the line unreadable for every parser, and
/// a long one would be a way to fill the disk.
std::string bounded(std::string_view value) {
  if (value.size() <= kLongestText) return std::string(value);
  std::size_t cut = kLongestText;
  while (cut > kLongestText - 4 && (static_cast<unsigned char>(value[cut]) & 0xC0U) == 0x80U)
    --cut;
  return std::string(value.substr(0, cut)) + "… (" + std::to_string(value.size()) + " bytes)";
}

json::Value text_or_null(std::string_view value) {
  if (value.empty()) return nullptr;
  const std::string text = bounded(value);
  if (!text::is_utf8(text)) return text::printable(text);
  return text;
}

json::Value list_of(const std::vector<std::string>& values) {
  json::Array list;
  std::size_t room = kLongestList;
  for (const auto& value : values) {
    if (value.empty()) continue;
    if (value.size() > room) {
      list.push_back("… (" + std::to_string(values.size() - list.size()) + " more)");
      break;
    }
    room -= value.size();
    list.push_back(text_or_null(value));
  }
  return list;
}

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
  json::Object line;
  line.set("ts", time::format_instant(ts));
  line.set("id", text_or_null(record.id));
  line.set("request_id", text_or_null(record.request_id));
  line.set("event", text_or_null(record.event));
  line.set("phase", name(record.phase));
  line.set("org_id", text_or_null(record.org_id));
  line.set("sub", text_or_null(record.sub));
  line.set("idp", text_or_null(record.idp));
  line.set("client_id", text_or_null(record.client_id));
  line.set("server", text_or_null(record.server));
  line.set("tool", text_or_null(record.tool));
  line.set("scopes", list_of(record.scopes));
  line.set("decision", text_or_null(record.decision));
  line.set("reason", text_or_null(record.reason));
  line.set("policy", text_or_null(record.policy));
  line.set("jti", text_or_null(record.jti));
  line.set("status", record.status ? json::Value(*record.status) : json::Value());
  line.set("latency_us",
           record.latency ? json::Value(std::int64_t{record.latency->count()}) : json::Value());
  std::string text = json::write(line);
  text.front() = ',';
  return text;
}

}  // namespace mcpauth::audit
