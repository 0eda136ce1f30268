#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/panic.hpp"
#include "core/codec/url.hpp"
#include "core/oauth/exchange.hpp"
#include "core/oauth/metadata.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace mcpauth;

class SameAnswer final : public http::Client {
 public:
  SameAnswer(int status, std::string body) : status_(status), body_(std::move(body)) {}
  Result<http::Response> send(const http::Request&) override {
    return http::Response{.status = status_, .headers = {}, .body = body_};
  }

 private:
  int status_;
  std::string body_;
};

void check(bool holds, const char* why) {
  if (!holds) panic(why);
}

}  // namespace

// For any answer of a server: accepted metadata is from the issuer that was asked, with URLs that
// may be asked; an exchange gives a token that fits into a header, or an error.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const int statuses[] = {200, 400, 401, 404};
  SameAnswer http(statuses[data[0] % 4], {reinterpret_cast<const char*>(data) + 1, size - 1});
  if (const auto metadata = oauth::discover("https://a", http::Reach::internet, http)) {
    check(metadata->issuer == "https://a", "metadata of another issuer");
    for (const auto& text : {metadata->jwks_uri, metadata->token_endpoint}) {
      const auto url = Url::parse(text);
      check(text.empty() || (url && url->scheme == "https"), "an endpoint that may not be asked");
    }
  }
  const oauth::Exchange ask{.endpoint = "https://a/token",
                            .subject_token = Secret::copy_of("subject-token")};
  const auto got = oauth::exchange(ask, http);
  if (got) {
    check(!got->access_token.empty(), "an empty token");
    for (const auto byte : got->access_token.reveal())
      check(byte > 0x20 && byte < 0x7f, "a token that does not fit into a header");
  } else {
    check(got.error().message.find("subject-token") == std::string::npos, "a token in an error");
  }
  return 0;
}
