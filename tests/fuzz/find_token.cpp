#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/panic.hpp"
#include "core/jose/jws.hpp"
#include "core/token/find.hpp"
#include "core/token/lint.hpp"
#include "core/token/redact.hpp"

/// A token that is found in a pasted text is part of it, is found again, and can be decoded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mcpauth;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto found = token::find(text);
  if (!found) return 0;
  if (!found->unwrapped && text.find(found->token) == std::string_view::npos) {
    panic("a token was found that is not in the text");
  }
  const auto again = token::find(found->token);
  if (!again || again->token != found->token) panic("a token that is found is not found again");
  const auto jws = jose::parse_jws(found->token);
  if (!jws) return 0;
  (void)token::lint(*jws, Instant(std::chrono::seconds(1'800'000'000)));
  const auto claims = json::parse(text_of(jws->payload));
  if (!claims || claims->object() == nullptr) return 0;
  if (token::redact(*claims->object()).members.size() != claims->object()->size()) {
    panic("redacting lost a claim");
  }
  return 0;
}
