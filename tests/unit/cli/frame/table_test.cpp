#include "cli/frame/table.hpp"

#include <doctest/doctest.h>

namespace mcpauth::cli {

using Align = Table::Align;

TEST_CASE("cli/frame/table: columns are as wide as their widest cell, and no row ends in blanks") {
  Table table({Align::left, Align::right, Align::left});
  table.add({{"a"}, {"1"}, {"x"}});
  table.add({{"größer"}, {"1,000"}, {""}});
  CHECK(table.text(false) ==
        "  a           1  x\n"
        "  größer  1,000\n");
}

TEST_CASE("cli/frame/table: a column without text is left out, and only text has a style") {
  Table table({Align::left, Align::left, Align::right});
  table.add({{"a", text::Style::red}, {""}, {"1"}});
  table.add({{"bcd"}, {""}, {"23"}});
  CHECK(table.text(true) ==
        "  \033[31ma\033[0m     1\n"
        "  bcd  23\n");
  CHECK(Table({Align::left}).text(true).empty());
}

}  // namespace mcpauth::cli
