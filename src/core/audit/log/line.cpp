#include "core/audit/log/line.hpp"

#include <algorithm>
#include <charconv>

#include "core/codec/ascii.hpp"
#include "core/codec/json.hpp"
#include "core/codec/number.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::audit {
namespace {

constexpr std::string_view kSeqStart = "{\"seq\":";

/// Reads tokens from the front of a line. Once an expected token is missing, `ok` stays false.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && at_ == text_.size(); }
  bool sees(std::string_view word) const { return text_.substr(at_).starts_with(word); }
  void expect(std::string_view word) {
    if (!ok_ || !sees(word)) {
      ok_ = false;
      return;
    }
    at_ += word.size();
  }

  std::string_view value(Field field) {
    const std::size_t start = at_;
    if (field == Field::scopes) {
      list();
    } else if (field == Field::seq || field == Field::status || field == Field::latency_us) {
      if (field == Field::seq || !take_null()) number();
    } else if (!take_null()) {
      string();
    }
    return ok_ ? text_.substr(start, at_ - start) : std::string_view();
  }

  /// An object without nested objects: up to the first brace that is not in a string.
  std::string_view flat_object() {
    const std::size_t start = at_;
    expect("{");
    while (ok_ && at_ < text_.size() && text_[at_] != '}') {
      if (text_[at_] == '"') {
        string();
      } else {
        ++at_;
      }
    }
    expect("}");
    return ok_ ? text_.substr(start, at_ - start) : std::string_view();
  }

 private:
  bool take_null() {
    if (!sees("null")) return false;
    at_ += 4;
    return true;
  }
  void number() {
    const std::size_t start = at_;
    while (at_ < text_.size() && text::is_digit(text_[at_]))
      ++at_;
    const std::size_t digits = at_ - start;
    if (digits == 0 || digits > 20 || (digits > 1 && text_[start] == '0')) ok_ = false;
  }
  void string() {
    expect("\"");
    while (ok_) {
      const std::size_t quote = text_.find('"', at_);
      if (quote == std::string_view::npos) {
        ok_ = false;
        return;
      }
      std::size_t backslashes = 0;
      while (quote - backslashes > at_ && text_[quote - backslashes - 1] == '\\')
        ++backslashes;
      at_ = quote + 1;
      if (backslashes % 2 == 0) return;
    }
  }
  void list() {
    expect("[");
    bool first = true;
    while (ok_ && !sees("]")) {
      if (!first) expect(",");
      first = false;
      string();
    }
    expect("]");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

std::string decoded(std::string_view raw) {
  if (raw.size() < 2 || raw.front() != '"') return std::string(raw == "null" ? "" : raw);
  const auto inside = raw.substr(1, raw.size() - 2);
  if (inside.find('\\') == std::string_view::npos) return std::string(inside);
  const auto value = json::parse(raw);
  const auto* string = value ? value->string() : nullptr;
  return string != nullptr ? *string : std::string(inside);
}

}  // namespace

std::optional<Field> field_named(std::string_view name) {
  const auto* const found = std::ranges::find(kFieldNames, name);
  if (found == kFieldNames.end()) return std::nullopt;
  return static_cast<Field>(found - kFieldNames.begin());
}

std::optional<std::uint64_t> seq_of(std::string_view line) {
  if (!line.starts_with(kSeqStart)) return std::nullopt;
  line.remove_prefix(kSeqStart.size());
  std::uint64_t seq = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), seq);
  const bool whole = end != line.data() + line.size() && *end == ',';
  if (error != std::errc() || !whole || (line.front() == '0' && seq != 0)) return std::nullopt;
  return seq;
}

std::optional<LineView> LineView::of(std::string_view line) {
  const auto seq = seq_of(line);
  if (!seq || line.size() >= kMaxLine) return std::nullopt;
  LineView view;
  view.line_ = line;
  view.seq_ = *seq;
  Scanner scan(line);
  scan.expect("{");
  for (std::size_t i = 0; i < kFieldNames.size(); ++i) {
    scan.expect(i == 0 ? "\"" : ",\"");
    scan.expect(kFieldNames[i]);
    scan.expect("\":");
    view.raws_[i] = scan.value(static_cast<Field>(i));
    if (!scan.ok()) return std::nullopt;
  }
  if (scan.sees(",\"redacted\":")) {
    scan.expect(",\"redacted\":");
    view.redacted_ = scan.flat_object();
  }
  scan.expect("}");
  if (!scan.at_end()) return std::nullopt;
  const auto phase = view.raw(Field::phase);
  if (phase != R"("intent")" && phase != R"("outcome")") return std::nullopt;
  return view;
}

std::string LineView::text(Field field) const {
  return field == Field::scopes ? std::string() : decoded(raw(field));
}

std::vector<std::string> LineView::scopes() const {
  std::vector<std::string> list;
  const auto value = json::parse(raw(Field::scopes));
  const auto* array = value ? value->array() : nullptr;
  if (array == nullptr) return list;
  for (const auto& item : *array) {
    if (const auto* scope = item.string()) list.push_back(*scope);
  }
  return list;
}

std::optional<Instant> LineView::ts() const {
  const auto at = time::parse_instant(text(Field::ts), Instant{});
  if (!at) return std::nullopt;
  return *at;
}

std::optional<std::int64_t> LineView::number(Field field) const {
  return parse_number<std::int64_t>(raw(field));
}

}  // namespace mcpauth::audit
