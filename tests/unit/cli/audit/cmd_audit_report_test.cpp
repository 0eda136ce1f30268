#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "unit/cli/audit/log_fixture.hpp"

namespace mcpauth::test {

TEST_CASE("audit report: one page that needs nothing, and in which a stranger's text stays text") {
  AuditLogFixture log("</script><img src=x onerror=alert(1)>");
  const auto run = log.run({"report", "--title", "Week <3>", "--where", "event=mint"});
  CHECK(run.status == 0);
  CHECK(run.err.empty());
  CHECK(run.out.starts_with("<!doctype html>"));
  CHECK(has(run.out, "default-src 'none'"));
  CHECK(has(run.out, "<h1>Week &lt;3&gt;</h1>"));
  CHECK(has(run.out, "<code>event=mint</code>"));
  CHECK(!has(run.out, "<img"));
  CHECK(!has(run.out, "<script"));
  CHECK(has(run.out, "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"));
}

TEST_CASE_FIXTURE(AuditLogFixture, "audit report: the page appears in the file of -o") {
  const auto page = dir / "report.html";
  const auto run = this->run({"report", "-o", page.string()});
  CHECK(run.status == 0);
  CHECK(run.out.empty());
  std::ifstream in(page);
  const std::string html((std::istreambuf_iterator<char>(in)), {});
  CHECK(html.ends_with("</html>\n"));
  CHECK(this->run({"report", "--json"}).status == 2);
}

}  // namespace mcpauth::test
