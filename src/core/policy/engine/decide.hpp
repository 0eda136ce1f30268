#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/policy/engine/policy.hpp"

namespace mcpauth::policy {

/// One step of "why": which scope was needed and what allowed or denied it: the first role in file
/// order that does, its first such pattern, and the first grant that leads to it. Pointers are into
/// the policy that was compiled, which the Engine keeps alive.
struct Evidence {
  std::string scope = {};         ///< the concrete scope asked about
  const Role* role = nullptr;     ///< the role whose pattern decided; null: none allows it
  const Text* pattern = nullptr;  ///< that pattern
  const Grant* grant = nullptr;   ///< the grant through which the role is held
  bool denied = false;            ///< `pattern` is a deny
};

/// The answer and what it rests on.
struct Decision {
  bool allowed = false;
  /// base/reason.hpp. One scope denied is `scope-denied`, whatever the others are. No role held is
  /// `no-grant`, or `no-role` where the tool is open to whoever holds one; asking for no scope at
  /// all is `bad-scope`, for one that is not in the policy's catalogue `unknown-scope`.
  std::string_view reason = {};
  const Tool* tool = nullptr;  ///< the deciding (first) tool entry; null: none matched
  /// One per needed scope, in order; on a denial only the failing ones.
  std::vector<Evidence> evidence = {};
  /// The least `ttl` of the roles held; none: no role sets one.
  std::optional<std::chrono::seconds> ttl = {};
};

/// A role held, and by what.
struct HeldRole {
  const Role* role = nullptr;
  const Grant* grant = nullptr;  ///< the first grant, in file order, that leads to it
};

/// What a principal's roles say about one scope: none of them names it, one allows it and none
/// denies it, or one denies it. Each value outweighs those before it.
enum class Standing : std::uint8_t { absent, allowed, denied };

/// What two sources, such as two roles or two groups, say together: a deny beats an allow.
constexpr Standing combined(Standing a, Standing b) {
  return std::max(a, b);
}

/// Concrete scopes made ready by an Engine to be asked about again and again. For that Engine only.
struct AskedScopes {
  std::vector<std::vector<std::uint32_t>> matching = {};  ///< by scope: what matches it, by place
  std::vector<std::uint32_t> place_of =
      {};  ///< by pattern of the policy; that of most matches none
  std::uint32_t places = 0;
};

/// A policy made ready for deciding. Immutable, usable from several threads at once. The ONE place
/// where the rules of the policy are applied: minting, proxying, explaining, testing and linting
/// ask it. A principal without an organisation holds nothing.
class Engine {
 public:
  explicit Engine(Policy policy);
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  const Policy& policy() const;

  /// May this principal call this tool ("server/tool") at this instant? Absent means denied.
  Decision tool(const Principal& principal, std::string_view tool, Instant now) const&;
  /// Does this principal hold all of these concrete scopes?
  Decision scopes(const Principal& principal, const std::vector<std::string>& scopes,
                  Instant now) const&;
  /// The roles held: those granted and all that they inherit, in file order.
  std::vector<HeldRole> roles(const Principal& principal, Instant now) const&;
  /// Only those granted, each once and in file order: who has the same of them holds the same.
  std::vector<const Role*> granted(const Principal& principal, Instant now) const&;
  /// How the principal stands to each of these concrete scopes: `allowed` where `scopes` allows it
  /// alone, `denied` where it is denied by a role held, in the same order.
  std::vector<Standing> standing(const Principal& principal, const std::vector<std::string>& scopes,
                                 Instant now) const;
  /// The same for many principals: the work that is theirs alone grows with what their roles list.
  AskedScopes ask(const std::vector<std::string>& scopes) const;
  std::vector<Standing> standing(const Principal& principal, const AskedScopes& asked,
                                 Instant now) const;
  /// Every concrete scope the policy knows (catalogue and tools' needs) that the principal holds,
  /// sorted. What `mint` gives when none is asked for.
  std::vector<std::string> held_scopes(const Principal& principal, Instant now) const;
  /// The scopes that a tool needs by its most specific entries; nothing where no pattern matches.
  std::optional<std::vector<std::string>> needs(std::string_view tool) const;

  // What these return would point into an engine that is gone.
  Decision tool(const Principal&, std::string_view, Instant) const&& = delete;
  Decision scopes(const Principal&, const std::vector<std::string>&, Instant) const&& = delete;
  std::vector<HeldRole> roles(const Principal&, Instant) const&& = delete;
  std::vector<const Role*> granted(const Principal&, Instant) const&& = delete;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace mcpauth::policy
