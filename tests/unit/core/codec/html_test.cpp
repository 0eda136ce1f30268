#include "core/codec/html.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace mcpauth;

TEST_CASE("codec/html: markup is escaped and what is invisible is shown") {
  CHECK(html::escaped("<a href=\"x\">&'") == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
  CHECK(html::escaped("a\x1b[31m") == "a\\x1b[31m");
}

TEST_CASE("codec/html: a page runs no script, loads nothing and escapes its title") {
  const std::string start = html::page_start(
      {.title = "<b>", .style = "a{}", .skip_to = "main", .skip_text = "Skip the menu"});
  CHECK(start.starts_with("<!doctype html>\n"));
  CHECK(start.find("default-src 'none'") != std::string::npos);
  CHECK(start.find("<title>&lt;b&gt;</title>\n<style>a{}</style>") != std::string::npos);
  CHECK(start.ends_with("<body>\n<a class=\"skip\" href=\"#main\">Skip the menu</a>\n"));
}
