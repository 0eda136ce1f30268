#include "core/codec/url.hpp"

#include <doctest/doctest.h>

namespace mcpauth {
namespace {

std::string why(std::string_view text) {
  const auto url = Url::parse(text);
  return url ? "accepted as " + url->text() : url.error().message;
}

std::string normal(std::string_view text) {
  const auto url = Url::parse(text);
  return url ? url->text() : "refused: " + url.error().message;
}

}  // namespace

TEST_CASE("codec/url: parts of a URL") {
  const auto url = Url::parse("https://auth.example.com:8443/a/b%20c?d=e&f=%2F");
  REQUIRE(url);
  CHECK(url->scheme == "https");
  CHECK(url->host == "auth.example.com");
  CHECK(url->port == 8443);
  CHECK(url->path == "/a/b%20c");
  CHECK(url->query == "d=e&f=%2F");
  CHECK(url->origin() == "https://auth.example.com:8443");
}

TEST_CASE("codec/url: one spelling for what means the same") {
  CHECK(normal("HTTPS://Auth.EXAMPLE.com.") == "https://auth.example.com/");
  CHECK(normal("https://a:443/") == "https://a/");
  CHECK(normal("http://a:80/x") == "http://a/x");
  CHECK(normal("http://a:443/") == "http://a:443/");
  CHECK(normal("https://a?q") == "https://a/?q");
  CHECK(normal("https://a/?") == "https://a/");
  CHECK(normal("https://[2001:DB8:0:0::1]:8443/x") == "https://[2001:db8::1]:8443/x");
  CHECK(normal("https://xn--bcher-kva.example/") == "https://xn--bcher-kva.example/");
  CHECK(normal("https://my_service:1/a;b=c/%41~") == "https://my_service:1/a;b=c/%41~");
  CHECK(normal("https://a/b/?x=//?/..") == "https://a/b/?x=//?/..");
}

TEST_CASE("codec/url: an IPv4-mapped IPv6 host is the IPv4 host it means") {
  CHECK(normal("http://[::ffff:127.0.0.1]/") == "http://127.0.0.1/");
  CHECK(normal("http://[::FFFF:7f00:1]/") == "http://127.0.0.1/");
  CHECK(Url::parse("http://[::ffff:169.254.169.254]/")->host == "169.254.169.254");
}

TEST_CASE("codec/url: numeric hosts other than four decimal parts are refused") {
  for (const auto* host :
       {"0177.0.0.1", "0x7f.1", "0x7f000001", "2130706433", "127.1", "127.0.1", "1.2.3.4.5",
        "256.0.0.1", "1.2.3.04", "127.0.0.0x1", "0", "a.1", "0x", "a.0X7F"}) {
    CAPTURE(host);
    CHECK(why(std::string("http://") + host + "/").starts_with("the URL's host is a number"));
  }
  CHECK(normal("http://127.0.0.1./") == "http://127.0.0.1/");
  CHECK(normal("http://1.a/") == "http://1.a/");
}

TEST_CASE("codec/url: every refusal says what is wrong") {
  struct Row {
    std::string_view text, message;
  };
  using namespace std::string_view_literals;
  const Row rows[] = {
      {"", "the URL is empty"},
      {"example.com", "the URL is not absolute"},
      {"/path", "the URL is not absolute"},
      {"https:/a", "the URL is not absolute"},
      {"//a/b", "the URL is not absolute"},
      {"ftp://a/", "the URL's scheme is neither https nor http"},
      {"file:///etc/passwd", "the URL's scheme is neither https nor http"},
      {"javascript://a/", "the URL's scheme is neither https nor http"},
      {"https+x://a/", "the URL's scheme is neither https nor http"},
      {"://a/", "the URL's scheme is neither https nor http"},
      {"https://user@a/", "the URL has a user name or password before its host"},
      {"https://user:pass@a/", "the URL has a user name or password before its host"},
      {"https://@a/", "the URL has a user name or password before its host"},
      {"https://good@evil@a/", "the URL has a user name or password before its host"},
      {"https://a/#f", "the URL has a fragment"},
      {"https://a#@b/", "the URL has a fragment"},
      {"https:///x", "the URL has no host"},
      {"https://", "the URL has no host"},
      {"https://./", "the URL has no host"},
      {"https://:443/", "the URL has no host"},
      {"https://a../", "the URL's host has an empty label"},
      {"https://.a/", "the URL's host has an empty label"},
      {"https://a..b/", "the URL's host has an empty label"},
      {"https://-a/", "the URL's host has a label that starts or ends with `-`"},
      {"https://a-.b/", "the URL's host has a label that starts or ends with `-`"},
      {"https://a%2eb/", "the URL's host has a character that no host name has"},
      {"https://a,b/", "the URL's host has a character that no host name has"},
      {"https://a*/", "the URL's host has a character that no host name has"},
      {"https://\xc3\xbc.example/", "the URL has a character that is not ASCII"},
      {"https://\xef\xbd\x81/", "the URL has a character that is not ASCII"},
      {"https://a:0/", "the URL's port is not a number from 1 to 65535"},
      {"https://a:65536/", "the URL's port is not a number from 1 to 65535"},
      {"https://a:99999999999/", "the URL's port is not a number from 1 to 65535"},
      {"https://a:/", "the URL's port is not a number from 1 to 65535"},
      {"https://a:0443/", "the URL's port is not a number from 1 to 65535"},
      {"https://a:+443/", "the URL's port is not a number from 1 to 65535"},
      {"https://a:-1/", "the URL's port is not a number from 1 to 65535"},
      {"https://a:1:2/", "the URL's port is not a number from 1 to 65535"},
      {"https://a:x/", "the URL's port is not a number from 1 to 65535"},
      {"https://[fe80::1%25eth0]/", "the URL's host has a zone id"},
      {"https://[fe80::1%eth0]/", "the URL's host has a zone id"},
      {"https://[::1/", "the URL's host has `[` without `]`"},
      {"https://[::1]x/", "the URL's host has something after `]`"},
      {"https://[]/", "the URL's host is not an IPv6 address"},
      {"https://[1.2.3.4]/", "the URL's host is not an IPv6 address"},
      {"https://[::ffff:0177.0.0.1]/", "the URL's host is not an IPv6 address"},
      {"https://[v1.a]/", "the URL's host is not an IPv6 address"},
      {"https://::1/", "the URL has no host"},
      {"https://a\\b/", "the URL has a backslash"},
      {"https://a/\\..", "the URL has a backslash"},
      {"https:\\\\a/", "the URL has a backslash"},
      {" https://a/", "the URL has white space or a control character"},
      {"https://a/ ", "the URL has white space or a control character"},
      {"https://a/\r\nX: y", "the URL has white space or a control character"},
      {"https://a\t/", "the URL has white space or a control character"},
      {"https://a/\0b"sv, "the URL has white space or a control character"},
      {"https://a/\x7f", "the URL has white space or a control character"},
      {"https://a/%", "the URL's path has a bad percent-escape"},
      {"https://a/%4", "the URL's path has a bad percent-escape"},
      {"https://a/%zz", "the URL's path has a bad percent-escape"},
      {"https://a/?%g0", "the URL's query has a bad percent-escape"},
      {"https://a/%00", "the URL's path has an encoded control character"},
      {"https://a/%0d%0a", "the URL's path has an encoded control character"},
      {"https://a/<b>", "the URL's path has a character that must be encoded"},
      {"https://a/?{b}", "the URL's query has a character that must be encoded"},
      {"https://a/./b", "the URL's path has a dot segment"},
      {"https://a/b/..", "the URL's path has a dot segment"},
      {"https://a/%2e/b", "the URL's path has a dot segment"},
      {"https://a/%2E%2e/b", "the URL's path has a dot segment"},
      {"https://a/.%2e", "the URL's path has a dot segment"},
      {"https://a/b%2f..%2fc", "the URL's path has a dot segment"},
      {"https://a/b%5c..%5cc", "the URL's path has a dot segment"},
      {"https://a//b", "the URL's path has an empty segment (`//`)"},
      {"https://a/b//", "the URL's path has an empty segment (`//`)"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(why(row.text) == row.message);
  }
}

TEST_CASE("codec/url: bounds on length") {
  const std::string label(63, 'a');
  CHECK(Url::parse("https://" + label + "/"));
  CHECK(why("https://" + label + "a/") == "the URL's host has a label longer than 63 characters");
  const auto host = label + "." + label + "." + label + "." + label;
  CHECK(why("https://" + host + "/") == "the URL's host is longer than 253 characters");
  const std::string path(Url::kMaxBytes - 10, 'a');
  CHECK(Url::parse("https://a/" + path));
  CHECK(why("https://a/" + path + "a") == "the URL is longer than 8192 bytes");
}

TEST_CASE("codec/url: a refusal never repeats a password or query") {
  for (const auto* text : {"https://u:hunter2@a/", "https://a/?hunter2=%", "https://hunter2 /"}) {
    const auto url = Url::parse(text);
    REQUIRE(!url);
    CHECK((url.error().message + url.error().hint).find("hunter2") == std::string::npos);
  }
}

TEST_CASE("codec/url: what is loopback and what only looks like it") {
  for (const auto* host : {"localhost", "LOCALHOST.", "127.0.0.1", "127.255.1.2", "[::1]",
                           "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]"}) {
    CAPTURE(host);
    CHECK(Url::parse(std::string("http://") + host + ":8080/")->is_loopback());
  }
  for (const auto* host : {"localhost.example", "127.0.0.1.example", "0.0.0.0", "10.0.0.1", "[::]",
                           "[::127.0.0.1]", "a.localhost"}) {
    CAPTURE(host);
    CHECK(!Url::parse(std::string("http://") + host + "/")->is_loopback());
  }
}

}  // namespace mcpauth
