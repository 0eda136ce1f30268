#include "core/audit/report/page.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "core/audit/report/plot.hpp"
#include "lines.hpp"

namespace mcpauth::audit::report {
namespace {

void add(Stats& stats, const audit::Record& record, Instant at = test::kWhen) {
  test::as_line(record, [&](const audit::LineView& line) { stats.add(line); }, at);
}

std::size_t count_of(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1))
    ++count;
  return count;
}

}  // namespace

TEST_CASE("audit/report/page: what a stranger wrote stays text, and what hides is shown") {
  const std::string hostile = "</script><img src=x onerror=alert(1)>\xE2\x80\xAE\"'&";
  Stats stats({.by = page_fields()});
  auto record = test::denied(hostile, hostile, "no-grant");
  record.org_id = hostile;
  record.reason = hostile;
  add(stats, record);
  auto intent = record;
  intent.id = hostile;
  intent.event = hostile;
  intent.phase = audit::Phase::intent;
  add(stats, intent);
  const auto page = to_html(
      std::move(stats), {.title = hostile, .files = {hostile}, .selection = {{"where", hostile}}});
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("\xE2\x80\xAE") == std::string::npos);
  CHECK(page.find("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;\\u{202e}&quot;&#39;&amp;") !=
        std::string::npos);
}

TEST_CASE(
    "audit/report/page: it has its policy, asks for nothing, and every drawing has its table") {
  Stats stats({.by = page_fields()});
  for (int i = 0; i < 500; ++i) {
    auto record =
        i % 5 == 0 ? test::denied("bob", "hr/set", "no-grant") : test::allowed("a", "hr/get");
    record.latency = std::chrono::microseconds(50 + i * i);
    add(stats, record, test::kWhen + std::chrono::minutes(i * 7));
  }
  const auto page = to_html(std::move(stats), {.title = "Weekly", .files = {"audit.log"}});
  CHECK(page.find("default-src 'none'; style-src 'unsafe-inline'") != std::string::npos);
  CHECK(page.find("http://") == std::string::npos);
  CHECK(page.find("https://") == std::string::npos);
  CHECK(count_of(page, "<figure>") == 5);
  CHECK(count_of(page, "role=\"img\"") == 5);
  CHECK(count_of(page, "<details>") == 5);
  CHECK(count_of(page, "<h1>") == 1);
  CHECK(page.find("<b>500</b><span>decisions") != std::string::npos);
  CHECK(page.find("<b>100</b><span>denied (20 %)") != std::string::npos);
}

TEST_CASE("audit/report/page: an empty log makes a page that says so") {
  const auto page = to_html(Stats({.by = page_fields()}), {});
  CHECK(page.find("No record was selected") != std::string::npos);
  CHECK(page.find("Every intent has its outcome") != std::string::npos);
}

TEST_CASE("audit/report/plot: texts are cut between characters") {
  CHECK(cut_to("abc", 3) == "abc");
  CHECK(cut_to("äöüß", 3) == "äö…");
  CHECK(cut_to("a\x1b[31m", 99) == "a\\x1b[31m");
}

}  // namespace mcpauth::audit::report
