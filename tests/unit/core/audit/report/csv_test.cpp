#include "core/audit/report/csv.hpp"

#include <optional>
#include <vector>

#include <doctest/doctest.h>

#include "core/codec/json.hpp"
#include "lines.hpp"

namespace mcpauth::audit::report {
namespace {

using audit::Field;
using Rows = std::vector<std::vector<std::string>>;

/// Reads RFC 4180 to the letter: CR LF ends each line, a quote stands only around a cell or twice
/// within one. Nothing where the text is anything else.
std::optional<Rows> read_csv(std::string_view text) {
  Rows rows(1);
  std::size_t at = 0;
  while (at < text.size()) {
    std::string cell;
    if (text[at] == '"') {
      for (++at;; ++at) {
        if (at >= text.size()) return std::nullopt;
        if (text[at] == '"' && text.substr(at).starts_with("\"\"")) {
          ++at;
        } else if (text[at] == '"') {
          break;
        }
        cell += text[at];
      }
      ++at;
    } else {
      while (at < text.size() && text[at] != ',' && text[at] != '\r') {
        if (text[at] == '"' || text[at] == '\n') return std::nullopt;
        cell += text[at++];
      }
    }
    rows.back().push_back(cell);
    if (text.substr(at).starts_with("\r\n")) {
      at += 2;
      rows.emplace_back();
    } else if (at < text.size() && text[at] == ',') {
      ++at;
      if (at == text.size()) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  if (!rows.back().empty()) return std::nullopt;  // the last line has its end
  rows.pop_back();
  return rows;
}

}  // namespace

TEST_CASE("audit/report/csv: what a strict reader reads is what the record says") {
  const std::vector<Field> fields = {Field::seq, Field::sub, Field::scopes, Field::jti,
                                     Field::status};
  for (const std::string sub : {"alice", "a,b", "\"", "\"\"", "line\nline", "cr\rlf\r\n",
                                "ümläut \xE2\x80\xAE", ",\",\r\n"}) {
    CAPTURE(sub);
    auto record = test::denied(sub, "hr/get", "no-grant");
    record.scopes = {"a:b", "c,d"};
    record.status = 403;
    std::string csv = csv_header(fields);
    test::as_line(record, [&](const audit::LineView& line) { csv += csv_row(line, fields); });
    const auto rows = read_csv(csv);
    REQUIRE(rows);
    REQUIRE(rows->size() == 2);
    CHECK(rows->front() == std::vector<std::string>{"seq", "sub", "scopes", "jti", "status"});
    CHECK(rows->back() == std::vector<std::string>{"0", sub, "a:b c,d", "", "403"});
  }
}

TEST_CASE("audit/report/csv: no cell is a formula") {
  for (const std::string_view text : {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=x", "\uFF1Dx",
                                      "=HYPERLINK(\"http://x\",\"y\")"}) {
    CAPTURE(text);
    const auto rows = read_csv(csv_cell(text) + "\r\n");
    REQUIRE(rows);
    CHECK(rows->front().front() == "'" + std::string(text));
  }
  CHECK(csv_cell("a=b") == "a=b");
  CHECK(csv_cell("") == "");
}

TEST_CASE("audit/report/csv: a JSON row has the members in the order that was asked for") {
  const std::vector<Field> fields = {Field::decision, Field::seq, Field::scopes, Field::jti};
  auto record = test::denied("x", "", "no-grant");
  record.scopes = {"a"};
  test::as_line(record, [&](const audit::LineView& line) {
    CHECK(json_row(line, fields) == R"({"decision":"deny","seq":0,"scopes":["a"],"jti":null})");
  });
}

}  // namespace mcpauth::audit::report
