#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/panic.hpp"
#include "core/chart/csv.hpp"
#include "core/chart/ocsf.hpp"
#include "core/chart/page.hpp"
#include "core/codec/text.hpp"

/// Whatever stands in a log: its page has no markup of a stranger's, its CSV row is one row, and
/// its event is JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcpauth;
  const std::string_view log(reinterpret_cast<const char*>(data), size);
  constexpr audit::Field kSub[] = {audit::Field::sub};
  chart::Stats stats({.by = chart::page_fields()});
  for (const auto line : text::split(log, '\n')) {
    const auto record = audit::LineView::of(line);
    if (!record) continue;
    stats.add(*record);
    const auto row = chart::csv_row(*record, kSub);
    if (!row.ends_with("\r\n")) panic("a row has no end");
    if (std::string_view("=+-@\t\r").contains(row.front()) && row != "\r\n") {
      panic("a cell is a formula");
    }
    const auto event = json::write(chart::ocsf_event(*record, "0"));
    if (!text::is_utf8(row) || !text::is_utf8(event)) panic("it is no UTF-8");
    if (json::parse(line) && !json::parse(event)) panic("an event is no JSON");
  }
  const auto page = chart::to_html(std::move(stats), {});
  if (!text::is_utf8(page)) panic("a page is no UTF-8");
  if (page.find("<script") != std::string::npos || page.find("<img") != std::string::npos) {
    panic("a stranger wrote into the page");
  }
  return 0;
}
