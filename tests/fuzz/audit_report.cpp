#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/audit/report/csv.hpp"
#include "core/audit/report/ocsf.hpp"
#include "core/audit/report/page.hpp"
#include "core/base/panic.hpp"
#include "core/codec/text.hpp"

/// Any log gives a page without markup from outside, a CSV row that is one row, and an event that
/// is JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcpauth;
  const std::string_view log(reinterpret_cast<const char*>(data), size);
  constexpr audit::Field kSub[] = {audit::Field::sub};
  audit::report::Stats stats({.by = audit::report::page_fields()});
  for (const auto line : text::split(log, '\n')) {
    const auto record = audit::LineView::of(line);
    if (!record) continue;
    stats.add(*record);
    const auto row = audit::report::csv_row(*record, kSub);
    if (!row.ends_with("\r\n")) panic("a row has no end");
    if (std::string_view("=+-@\t\r").contains(row.front()) && row != "\r\n") {
      panic("a cell is a formula");
    }
    const auto event = json::write(audit::report::ocsf_event(*record, "0"));
    if (!text::is_utf8(row) || !text::is_utf8(event)) panic("it is no UTF-8");
    if (json::parse(line) && !json::parse(event)) panic("an event is no JSON");
  }
  const auto page = audit::report::to_html(std::move(stats), {});
  if (!text::is_utf8(page)) panic("a page is no UTF-8");
  if (page.find("<script") != std::string::npos || page.find("<img") != std::string::npos) {
    panic("a stranger wrote into the page");
  }
  return 0;
}
