#include "core/audit/log/note.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "core/codec/base64.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/crypto/digest.hpp"

namespace mcpauth::audit {
namespace {

constexpr std::size_t kMaxNote = 65536;
constexpr std::size_t kMaxSignatures = 100;
constexpr std::size_t kMaxName = 255;
constexpr std::string_view kDash = "\u2014 ";
constexpr std::uint8_t kEd25519 = 0x01;
constexpr std::size_t kIdBytes = 4;

Error bad_note(std::string_view why) {
  return Error{.code = Errc::input, .message = text::format("not a signed note: {}", why)};
}

Error bad_vkey(std::string_view why) {
  return Error{.code = Errc::input,
               .message = text::format("not a verifier key: {}", why),
               .hint =
                   "it looks like NAME+1a2b3c4d+BASE64; `mcpauth audit checkpoint --vkey` "
                   "prints it"};
}

/// The algorithm and the 32 bytes of the key, as in a vkey.
Bytes material_of(const crypto::PublicKey& key) {
  Bytes material = key.parts().x;
  material.insert(material.begin(), kEd25519);
  return material;
}

std::uint32_t number_of(BytesView four) {
  return std::uint32_t{four[0]} << 24U | std::uint32_t{four[1]} << 16U |
         std::uint32_t{four[2]} << 8U | std::uint32_t{four[3]};
}

std::array<std::uint8_t, kIdBytes> bytes_of_id(std::uint32_t id) {
  return {static_cast<std::uint8_t>(id >> 24U), static_cast<std::uint8_t>(id >> 16U & 0xFFU),
          static_cast<std::uint8_t>(id >> 8U & 0xFFU), static_cast<std::uint8_t>(id & 0xFFU)};
}

std::uint32_t id_of(std::string_view name, BytesView material) {
  std::string text(name);
  text.push_back('\n');
  text.append(text_of(material));
  return number_of(crypto::sha256(bytes_of(text)));
}

std::string hex_of(std::uint32_t id) {
  return text::format("{:08x}", id);
}

/// Whether it is UTF-8 without control characters other than the newline.
bool is_note_text(std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7F) return false;
  }
  return text::is_utf8(bytes);
}

Result<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(kDash)) return bad_note("a signature line begins with a dash and a space");
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  const auto name = line.substr(0, space);
  if (space == std::string_view::npos || !is_key_name(name)) {
    return bad_note("a signature line has no key name");
  }
  const auto bytes = base64::decode(line.substr(space + 1));
  if (!bytes || bytes->size() <= kIdBytes) return bad_note("a signature is not base64");
  return NoteSignature{.name = std::string(name),
                       .key_id = number_of(*bytes),
                       .signature = Bytes(bytes->begin() + kIdBytes, bytes->end())};
}

}  // namespace

bool is_key_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxName) return false;
  while (!name.empty()) {
    const auto [code, length] = text::decode(name);
    if (length == 0 || code == U' ' || code == U'+' || text::is_hidden(code)) return false;
    name.remove_prefix(length);
  }
  return true;
}

Result<Note> parse_note(std::string_view bytes) {
  if (bytes.size() > kMaxNote) return bad_note("it is over 64 KiB");
  if (!is_note_text(bytes)) return bad_note("it holds control characters or is not UTF-8");
  // The signatures follow the last blank line: the text may contain blank lines too.
  const std::size_t blank = bytes.rfind("\n\n");
  if (blank == std::string_view::npos || !bytes.ends_with('\n')) {
    return bad_note("it has no blank line with signatures after it");
  }
  Note note{.text = std::string(bytes.substr(0, blank + 1)), .signatures = {}};
  auto lines = bytes.substr(blank + 2);
  if (lines.empty()) return bad_note("it has no signature after its blank line");
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    TRY(auto signature, parse_signature(lines.substr(0, end)));
    note.signatures.push_back(std::move(signature));
    if (note.signatures.size() > kMaxSignatures) return bad_note("it has over 100 signatures");
    lines.remove_prefix(end + 1);
  }
  return note;
}

NoteVerifier::NoteVerifier(std::string name, crypto::PublicKey key)
    : name_(std::move(name)), key_(std::move(key)), key_id_(id_of(name_, material_of(key_))) {}

Result<NoteVerifier> NoteVerifier::parse(std::string_view vkey) {
  const std::size_t first = vkey.find('+');
  const std::size_t second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == std::string_view::npos) return bad_vkey("it needs three parts with + between them");
  const auto name = vkey.substr(0, first);
  const auto id = vkey.substr(first + 1, second - first - 1);
  if (!is_key_name(name)) return bad_vkey("its name is not allowed");
  const auto material = base64::decode(vkey.substr(second + 1));
  if (!material || material->size() != 33 || material->front() != kEd25519) {
    return bad_vkey("its last part is not an Ed25519 key");
  }
  auto key = crypto::PublicKey::from_parts({.type = crypto::KeyType::ed25519,
                                            .x = Bytes(material->begin() + 1, material->end()),
                                            .y = {},
                                            .n = {},
                                            .e = {}});
  if (!key) return bad_vkey(key.error().message);
  NoteVerifier verifier(std::string(name), *std::move(key));
  if (hex_of(verifier.key_id()) != id) return bad_vkey("its key id does not belong to its key");
  return verifier;
}

std::string NoteVerifier::vkey() const {
  return text::format("{}+{}+{}", name_, hex_of(key_id_), base64::encode(material_of(key_)));
}

bool NoteVerifier::verify(std::string_view text, BytesView signature) const {
  const auto good = key_.verify(crypto::Algorithm::eddsa, bytes_of(text), signature);
  return good && *good;
}

Result<NoteSigner> NoteSigner::make(std::string name, crypto::PrivateKey key) {
  if (key.type() != crypto::KeyType::ed25519) {
    return Error{.code = Errc::config,
                 .message = text::format("an audit key must be Ed25519, and this one is {}",
                                         crypto::name(key.type())),
                 .hint = "make one: mcpauth keygen --alg EdDSA -o audit.pem"};
  }
  if (!is_key_name(name)) {
    return Error{.code = Errc::config,
                 .message = text::format("`{}` cannot be the name of an audit log", name),
                 .hint = "use a name such as `example.com/mcp-audit`: no spaces, no plus"};
  }
  NoteVerifier verifier(std::move(name), key.public_key());
  return NoteSigner(std::move(verifier), std::move(key));
}

Result<Bytes> NoteSigner::signature(std::string_view text) const {
  TRY(const Bytes signature, key_.sign(crypto::Algorithm::eddsa, bytes_of(text)));
  const auto id = bytes_of_id(verifier_.key_id());
  Bytes all(id.begin(), id.end());
  all.insert(all.end(), signature.begin(), signature.end());
  return all;
}

Result<std::string> NoteSigner::sign(std::string_view text) const {
  TRY(const Bytes all, signature(text));
  return text::format("{}{} {}\n", kDash, verifier_.name(), base64::encode(all));
}

Result<std::string> sign_note(std::string_view text, std::span<const NoteSigner> signers) {
  std::string note = std::string(text) + "\n";
  for (const auto& signer : signers) {
    TRY(const std::string line, signer.sign(text));
    note += line;
  }
  return note;
}

Trust judge(const Note& note, std::span<const NoteVerifier> verifiers) {
  Trust trust = Trust::unknown;
  for (const auto& signature : note.signatures) {
    for (const auto& verifier : verifiers) {
      if (!verifier.knows(signature)) continue;
      if (!verifier.verify(note.text, signature.signature)) return Trust::forged;
      trust = Trust::good;
    }
  }
  return trust;
}

Trust judge(std::string_view text, BytesView signature, std::span<const NoteVerifier> verifiers) {
  if (signature.size() <= kIdBytes) return Trust::forged;
  for (const auto& verifier : verifiers) {
    if (verifier.key_id() != number_of(signature)) continue;
    return verifier.verify(text, signature.subspan(kIdBytes)) ? Trust::good : Trust::forged;
  }
  return Trust::unknown;
}

}  // namespace mcpauth::audit
