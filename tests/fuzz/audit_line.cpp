#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/audit/log/leaf.hpp"
#include "core/audit/log/line.hpp"
#include "core/audit/log/record.hpp"
#include "core/audit/log/record_form.hpp"
#include "core/audit/log/redact.hpp"
#include "core/base/panic.hpp"
#include "core/codec/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

using namespace mcpauth;

namespace {

/// A log line from outside. If the view accepts it and it is JSON, both read the same values, and a
/// redacted record keeps its leaf.
void read_line(std::string_view line) {
  const auto view = audit::LineView::of(line);
  if (!view) return;
  const auto value = json::parse(line, {.bytes = audit::kMaxLine});
  for (std::size_t i = 0; value && i < audit::kFieldNames.size(); ++i) {
    const auto raw = view->raw(static_cast<audit::Field>(i));
    const auto again = json::parse(raw);
    if (!again || *again != *value->find(audit::kFieldNames[i])) panic("another value");
  }
  (void)view->ts();
  (void)view->scopes();
  const std::array<audit::Field, 2> fields = {audit::Field::sub, audit::Field::scopes};
  const auto redacted = audit::redacted_line(*view, fields);
  if (!redacted || redacted->size() > audit::kMaxLine) return;
  audit::TreeHasher hasher;
  if (audit::leaf_of(*redacted, hasher) != audit::leaf_of(line, hasher)) panic("another leaf");
}

/// The view accepts the line of any record, and finds the same name in it.
void write_line(std::string_view text) {
  audit::Record record;
  record.event = "mint";
  record.sub = text;
  record.scopes = {std::string(text), "a"};
  const auto line = audit::to_line(record, 7, Instant{});
  const auto view = audit::LineView::of(line);
  if (!view || view->seq() != 7 || line.find('\n') != std::string::npos) panic("no honest line");
  if (!audit::is_sound(*view)) panic("no sound record");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  read_line(input);
  write_line(input);
  return 0;
}
