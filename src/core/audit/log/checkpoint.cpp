#include "core/audit/log/checkpoint.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/audit/log/segments.hpp"
#include "core/codec/base64.hpp"

namespace mcpauth::audit {
namespace {

constexpr std::string_view kProofHead = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kOld = "old ";
constexpr std::size_t kMaxProof = std::size_t{1} << 20;
constexpr std::size_t kMaxPath = 64;

Error refused(std::string_view what, std::string_view why) {
  return Error{.code = Errc::input,
               .message = "not a " + std::string(what) + ": " + std::string(why)};
}

/// Digits without a sign or leading zeros, that fit.
std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return value;
}

/// Takes the next line off `text`; nothing where no newline is left.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

/// What stands behind `word` and a space; nothing where the line does not begin so.
std::optional<std::string_view> after(std::string_view line, std::string_view word) {
  if (!line.starts_with(word)) return std::nullopt;
  return line.substr(word.size());
}

/// The hashes, one a line, as far as the blank line.
Result<std::vector<Hash>> take_path(std::string_view& text) {
  std::vector<Hash> path;
  while (true) {
    const auto line = take_line(text);
    if (!line) return refused("proof", "it ends before its checkpoint");
    if (line->empty()) return path;
    const auto hash = hash_from_base64(*line);
    if (!hash || path.size() == kMaxPath) return refused("proof", "a line of its path is wrong");
    path.push_back(*hash);
  }
}

}  // namespace

std::string to_base64(const Hash& hash) {
  return base64::encode(hash);
}

std::optional<Hash> hash_from_base64(std::string_view text) {
  const auto bytes = base64::decode(text);
  Hash hash{};
  if (!bytes || bytes->size() != hash.size()) return std::nullopt;
  std::ranges::copy(*bytes, hash.begin());
  return hash;
}

std::string to_text(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
         to_base64(checkpoint.root) + "\n";
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  constexpr std::string_view kWhat = "checkpoint";
  const auto origin = take_line(text);
  const auto size = take_line(text);
  const auto root = take_line(text);
  if (!root || origin->empty()) return refused(kWhat, "it is origin, size and root, a line each");
  const auto number = whole_number(*size);
  if (!number) return refused(kWhat, "its second line is no size");
  const auto hash = hash_from_base64(*root);
  if (!hash) return refused(kWhat, "its third line is no SHA-256 in base64");
  while (!text.empty()) {
    const auto extension = take_line(text);
    if (!extension || extension->empty()) return refused(kWhat, "it has an empty line");
  }
  return Checkpoint{.origin = std::string(*origin), .size = *number, .root = *hash};
}

Result<SignedCheckpoint> parse_signed_checkpoint(std::string text) {
  TRY(auto note, parse_note(text));
  TRY(auto checkpoint, parse_checkpoint(note.text));
  return SignedCheckpoint{
      .text = std::move(text), .note = std::move(note), .checkpoint = std::move(checkpoint)};
}

Result<SignedCheckpoint> read_signed_checkpoint(const std::filesystem::path& path) {
  TRY(auto text, read_beside(path));
  auto found = parse_signed_checkpoint(std::move(text));
  if (!found) return std::move(found).error().context("`" + path.string() + "`");
  return found;
}

std::string to_text(const Proof& proof) {
  std::string text = std::string(kProofHead) + "\nextra " + base64::encode(bytes_of(proof.record)) +
                     "\nindex " + std::to_string(proof.index) + "\n";
  for (const Hash& hash : proof.path)
    text += to_base64(hash) + "\n";
  return text + "\n" + proof.checkpoint;
}

Result<Proof> parse_proof(std::string_view text) {
  constexpr std::string_view kWhat = "proof";
  if (text.size() > kMaxProof) return refused(kWhat, "it is over 1 MiB");
  if (take_line(text) != kProofHead) {
    return refused(kWhat, "its first line is not " + std::string(kProofHead));
  }
  Proof proof;
  const auto extra = take_line(text);
  const auto encoded = extra ? after(*extra, "extra ") : std::nullopt;
  const auto record = encoded ? base64::decode(*encoded) : Result<Bytes>(refused(kWhat, {}));
  if (!record) return refused(kWhat, "its second line does not hold the record (extra BASE64)");
  proof.record = text_of(*record);
  const auto index = take_line(text);
  const auto digits = index ? after(*index, "index ") : std::nullopt;
  const auto number = digits ? whole_number(*digits) : std::nullopt;
  if (!number) return refused(kWhat, "its third line is not `index NUMBER`");
  proof.index = *number;
  TRY(proof.path, take_path(text));
  proof.checkpoint = text;
  return proof;
}

std::string to_text(const Continuation& continuation) {
  std::string text = std::string(kOld) + std::to_string(continuation.from) + "\n";
  for (const Hash& hash : continuation.path)
    text += to_base64(hash) + "\n";
  return text + "\n" + continuation.checkpoint;
}

bool is_continuation(std::string_view text) {
  return text.starts_with(kOld);
}

Result<Continuation> parse_continuation(std::string_view text) {
  if (text.size() > kMaxProof) return refused("proof", "it is over 1 MiB");
  const auto line = take_line(text);
  const auto digits = line ? after(*line, kOld) : std::nullopt;
  const auto from = digits ? whole_number(*digits) : std::nullopt;
  if (!from) return refused("proof", "its first line is not `old NUMBER`");
  Continuation continuation{.from = *from, .path = {}, .checkpoint = {}};
  TRY(continuation.path, take_path(text));
  continuation.checkpoint = text;
  return continuation;
}

}  // namespace mcpauth::audit
