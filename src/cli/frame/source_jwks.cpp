#include "cli/frame/source_jwks.hpp"

#include "core/codec/format.hpp"
#include "core/codec/json_raw.hpp"

namespace mcpauth::cli {

// The JSON parser keeps values in strings, which nobody wipes. So the set is only cut here, and the
// reader of private keys checks the piece.
Result<Secret> key_of_set(const Secret& jwks, std::string_view kid) {
  const auto list = json::raw_member(jwks.reveal_text(), "keys");
  const auto keys = list ? json::raw_items(*list) : json::RawParts<std::string_view>();
  if (!keys.whole) return Error{.code = Errc::input, .message = "this is not a JWKS"};
  const auto wanted = text::format(R"("{}")", kid);
  for (const auto key : keys.parts) {
    if (json::raw_member(key, "kid") == wanted) return Secret::copy_of(key);
  }
  return Error{.code = Errc::not_found,
               .message = text::format("no key of the set has the kid `{}`", kid)};
}

}  // namespace mcpauth::cli
