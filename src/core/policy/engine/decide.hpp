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

/// Why one scope is held or not: the first role in file order that allows or denies it, the first
/// such pattern of the role, and the first grant that leads to the role. Pointers are into the
/// policy that the Engine keeps.
struct Evidence {
  std::string scope = {};         ///< the concrete scope asked about
  const Role* role = nullptr;     ///< the role whose pattern decided; null: no role allows it
  const Text* pattern = nullptr;  ///< that pattern
  const Grant* grant = nullptr;   ///< the grant through which the role is held
  bool denied = false;            ///< `pattern` is a deny
};

/// An answer and its reasons.
struct Decision {
  bool allowed = false;
  /// One of base/reason.hpp. When any scope is denied, it is `scope-denied`. A principal without a
  /// role gets `no-grant`, or `no-role` for a tool that needs no scope. Asking for no scope at all
  /// is `bad-scope`, and for a scope that is not in the catalogue `unknown-scope`.
  std::string_view reason = {};
  const Tool* tool = nullptr;  ///< the first of the deciding tool entries; null: none matched
  /// One for each needed scope, in order. For a denial, the failing ones only.
  std::vector<Evidence> evidence = {};
  /// The shortest `ttl` of the roles held. Nothing when no role sets one.
  std::optional<std::chrono::seconds> ttl = {};
};

/// A role that is held, and why.
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

/// Concrete scopes, prepared by an Engine for many questions. Only this Engine can use them.
struct AskedScopes {
  std::vector<std::vector<std::uint32_t>> matching =
      {};  ///< by scope: the places of the patterns that match it
  /// By pattern of the policy. Most patterns match none of the scopes and have no place.
  std::vector<std::uint32_t> place_of = {};
  std::uint32_t places = 0;
};

/// A policy, prepared for decisions. The one place where its rules are applied: minting, proxying,
/// explaining, testing and linting all ask it. Immutable, so several threads may use it at once. A
/// principal without an organisation holds nothing.
class Engine {
 public:
  explicit Engine(Policy policy);
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  const Policy& policy() const;

  /// May this principal call this tool ("server/tool") at this instant? A tool that no entry
  /// matches is denied.
  Decision tool(const Principal& principal, std::string_view tool, Instant now) const&;
  /// Does this principal hold all of these concrete scopes?
  Decision scopes(const Principal& principal, const std::vector<std::string>& scopes,
                  Instant now) const&;
  /// The roles that it holds: those granted and all that they inherit, in file order.
  std::vector<HeldRole> roles(const Principal& principal, Instant now) const&;
  /// The granted roles only, each once. Principals with the same granted roles hold the same.
  std::vector<const Role*> granted(const Principal& principal, Instant now) const&;
  /// The standing of the principal to each of these concrete scopes, in their order: `allowed`
  /// where scopes() would allow the scope alone, `denied` where a role held denies it.
  std::vector<Standing> standing(const Principal& principal, const std::vector<std::string>& scopes,
                                 Instant now) const;
  /// The same for many principals. For each of them, the work grows with what its roles list only.
  AskedScopes ask(const std::vector<std::string>& scopes) const;
  std::vector<Standing> standing(const Principal& principal, const AskedScopes& asked,
                                 Instant now) const;
  /// Every concrete scope that the policy names (in its catalogue or as the need of a tool) and the
  /// principal holds, sorted. `mint` gives these when it is asked for no scope.
  std::vector<std::string> held_scopes(const Principal& principal, Instant now) const;
  /// The scopes that a tool needs, from its most specific entries. Nothing when no entry matches.
  std::optional<std::vector<std::string>> needs(std::string_view tool) const;

  // Their results would point into a temporary engine that no longer exists.
  Decision tool(const Principal&, std::string_view, Instant) const&& = delete;
  Decision scopes(const Principal&, const std::vector<std::string>&, Instant) const&& = delete;
  std::vector<HeldRole> roles(const Principal&, Instant) const&& = delete;
  std::vector<const Role*> granted(const Principal&, Instant) const&& = delete;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace mcpauth::policy
