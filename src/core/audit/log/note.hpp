#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/crypto/key.hpp"

namespace mcpauth::audit {

/// One signature line of a note.
struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;  ///< the first four bytes of the hash of name and public key
  Bytes signature;
};

/// A signed note (c2sp.org/signed-note): a text and the signatures over it.
struct Note {
  std::string text;  ///< with its last newline
  std::vector<NoteSignature> signatures;
};

/// Whether a name is allowed for a key: 1 to 255 bytes, no spaces, no plus, no invisible
/// characters.
bool is_key_name(std::string_view name);

/// Strict; at most 64 KiB and 100 signatures. The error is Errc::input.
Result<Note> parse_note(std::string_view bytes);

/// Verifies the signatures of one Ed25519 key.
class NoteVerifier {
 public:
  /// Parses NAME+KEYID+BASE64, the form in which such keys are distributed ("vkey").
  static Result<NoteVerifier> parse(std::string_view vkey);
  NoteVerifier(std::string name, crypto::PublicKey key);

  const std::string& name() const { return name_; }
  std::uint32_t key_id() const { return key_id_; }
  std::string vkey() const;
  bool knows(const NoteSignature& signature) const {
    return signature.key_id == key_id_ && signature.name == name_;
  }
  bool verify(std::string_view text, BytesView signature) const;

 private:
  std::string name_;
  crypto::PublicKey key_;
  std::uint32_t key_id_;
};

/// Signs notes. The key is Ed25519.
class NoteSigner {
 public:
  static Result<NoteSigner> make(std::string name, crypto::PrivateKey key);

  const NoteVerifier& verifier() const { return verifier_; }
  /// The key id and the signature, in the form that notes and announcements of redactions use.
  Result<Bytes> signature(std::string_view text) const;
  /// The signature line that follows `text`, with its newline.
  Result<std::string> sign(std::string_view text) const;

 private:
  NoteSigner(NoteVerifier verifier, crypto::PrivateKey key)
      : verifier_(std::move(verifier)), key_(std::move(key)) {}

  NoteVerifier verifier_;
  crypto::PrivateKey key_;
};

/// The note: `text` with a signature by each signer.
Result<std::string> sign_note(std::string_view text, std::span<const NoteSigner> signers);

enum class Trust {
  good,     ///< a known key signed it, and no signature of a known key is wrong
  unknown,  ///< no known key signed it
  forged,   ///< the signature of a known key is wrong
};

Trust judge(const Note& note, std::span<const NoteVerifier> verifiers);

/// The same for one signature that `NoteSigner::signature` made.
Trust judge(std::string_view text, BytesView signature, std::span<const NoteVerifier> verifiers);

}  // namespace mcpauth::audit
