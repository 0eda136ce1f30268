#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/identity/directory.hpp"
#include "core/issuer/mint.hpp"
#include "core/jose/jwk.hpp"

namespace mcpauth::issuer {

/// Gives the key that signs. Called once for each mint, after the policy has allowed it, so that
/// nobody is asked for a key's passphrase in vain. Must be callable from several threads at once
/// where the Issuer is used from several.
using SigningKeySource = std::function<Result<std::shared_ptr<const jose::SigningKey>>()>;

/// A source that always gives this key, without reading a file or taking a lock.
SigningKeySource always(std::shared_ptr<const jose::SigningKey> key);

/// The audience of each server, by the server's name.
using Audiences = std::map<std::string, std::string, std::less<>>;

/// The audience of the server that a tool ("server/tool") is on; nothing where there is none.
std::optional<std::string> audience_for(std::string_view tool, const Audiences& audiences);

/// What an Issuer is made of. The parts are shared, so a copy with one part replaced is cheap and
/// keeps the others, such as the keys of IdPs that have been fetched.
struct Settings {
  Terms terms;
  std::shared_ptr<const identity::Directory> directory;  ///< the IdPs that are trusted
  std::shared_ptr<const PolicyInForce> policy;
  SigningKeySource key;
  Audiences audiences = {};
};

/// Turns IdP tokens into tokens of ours, under the policy in force. It never changes: every member
/// may be called from several threads at once, and takes no lock of its own. After a key rotation
/// or a change of the policy, make another Issuer and let the calls under way finish with this one.
///
/// The order is fixed. The token is verified, the policy decides, the intent is recorded, the key
/// signs, the outcome is recorded. A refusal (Errc::denied) is recorded too; if it cannot be, the
/// error says that instead.
class Issuer {
 public:
  /// `directory`, `policy` and `key` must be there.
  explicit Issuer(Settings settings) : settings_(std::move(settings)) {}

  const Settings& settings() const { return settings_; }

  /// Mints for the principal that an IdP token stands for.
  Result<token::Minted> mint(std::string_view idp_token, const Wanted& wanted,
                             const MintContext& context) const;

  // The two halves of that, for callers that keep the principal or that open the audit log only
  // once the token has been looked at.

  /// Verifies an IdP token. Records nothing: a failure is to be given to `refuse`.
  Result<identity::Identified> identify(std::string_view idp_token) const;
  /// Mints for a principal that was verified before. An empty `wanted.audience` means the one of
  /// the tool's server.
  Result<token::Minted> mint(const identity::Identified& who, const Wanted& wanted,
                             const MintContext& context) const;
  /// Records an error that is a refusal and gives it back. `principal` is empty where the token was
  /// not verified.
  Error refuse(Error error, const policy::Principal& principal, const Wanted& wanted,
               const MintContext& context) const;

 private:
  Result<Order> decide(const identity::Identified& who, const Wanted& wanted, Instant now) const;

  const Settings settings_;
};

}  // namespace mcpauth::issuer
