#include "core/token/lifetime.hpp"

#include <algorithm>
#include <vector>

#include "core/base/reason.hpp"
#include "core/base/ttl.hpp"
#include "core/codec/format.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::token {
namespace {

using time::format_duration;

Error out_of_range(Errc code, std::string message, std::string hint) {
  return {.code = code,
          .message = std::move(message),
          .hint = std::move(hint),
          .reason = reason::kTtlOutOfRange};
}

}  // namespace

Result<std::chrono::seconds> choose_ttl(std::optional<std::chrono::seconds> asked,
                                        std::span<const Cap> caps) {
  std::vector<Cap> all(caps.begin(), caps.end());
  all.push_back({kMaxTtl, "mcpauth, for every token"});
  const Cap& least = *std::ranges::min_element(all, {}, &Cap::value);
  const std::string cap = text::format("{}, set by {}", format_duration(least.value), least.set_by);
  const std::string shortest = format_duration(kMinTtl);
  if (least.value < kMinTtl) {
    return out_of_range(
        Errc::config,
        text::format("the lifetime is capped at {}, and no token lives less than {}", cap,
                     shortest),
        text::format("raise that cap to {} or more", shortest));
  }
  if (!asked) return least.value;
  const std::string range =
      text::format("ask for {} to {}", shortest, format_duration(least.value));
  if (*asked < kMinTtl) {
    return out_of_range(Errc::usage,
                        text::format("a lifetime of {} is under the least of {}",
                                     format_duration(*asked), shortest),
                        range);
  }
  if (*asked > least.value) {
    return out_of_range(
        Errc::usage,
        text::format("a lifetime of {} is over the cap of {}", format_duration(*asked), cap),
        range);
  }
  return *asked;
}

}  // namespace mcpauth::token
