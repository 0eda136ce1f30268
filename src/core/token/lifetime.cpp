#include "core/token/lifetime.hpp"

#include <algorithm>
#include <vector>

#include "core/base/reason.hpp"
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
  const std::string cap = format_duration(least.value) + ", set by " + least.set_by;
  if (least.value < kMinTtl) {
    return out_of_range(Errc::config,
                        "the lifetime is capped at " + cap + ", and no token lives " +
                            "less than " + format_duration(kMinTtl),
                        "raise that cap to " + format_duration(kMinTtl) + " or more");
  }
  if (!asked) return least.value;
  const std::string range =
      "ask for " + format_duration(kMinTtl) + " to " + format_duration(least.value);
  if (*asked < kMinTtl) {
    return out_of_range(Errc::usage,
                        "a lifetime of " + format_duration(*asked) + " is under the least of " +
                            format_duration(kMinTtl),
                        range);
  }
  if (*asked > least.value) {
    return out_of_range(Errc::usage,
                        "a lifetime of " + format_duration(*asked) + " is over the cap of " + cap,
                        range);
  }
  return *asked;
}

}  // namespace mcpauth::token
