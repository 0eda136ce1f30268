#include "core/audit/log/checkpoint.hpp"

#include <algorithm>
#include <utility>

#include "core/audit/log/segments.hpp"
#include "core/codec/base64.hpp"
#include "core/codec/format.hpp"
#include "core/codec/number.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::audit {
namespace {

constexpr std::string_view kProofHead = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kOld = "old ";
constexpr std::size_t kMaxProof = std::size_t{1} << 20;
constexpr std::size_t kMaxPath = 64;

Error refused(std::string_view what, std::string_view why) {
  return Error{.code = Errc::input, .message = text::format("not a {}: {}", what, why)};
}

/// A decimal number without leading zeros.
std::optional<std::uint64_t> whole_number(std::string_view text) {
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return parse_number<std::uint64_t>(text);
}

/// Removes the next line from the front of `text`; nothing if it has no newline.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

/// The rest of a line that begins with `word`.
std::optional<std::string_view> after(std::string_view line, std::string_view word) {
  if (!line.starts_with(word)) return std::nullopt;
  return line.substr(word.size());
}

/// The hashes, one per line, up to the blank line.
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

std::string lines_of(const std::vector<Hash>& path) {
  std::string lines;
  for (const Hash& hash : path)
    lines.append(to_base64(hash)).append("\n");
  return lines;
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
  return text::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size,
                      to_base64(checkpoint.root));
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  constexpr std::string_view kWhat = "checkpoint";
  const auto origin = take_line(text);
  const auto size = take_line(text);
  const auto root = take_line(text);
  if (!root || origin->empty())
    return refused(kWhat, "it needs an origin, a size and a root, one per line");
  const auto number = whole_number(*size);
  if (!number) return refused(kWhat, "its second line is not a size");
  const auto hash = hash_from_base64(*root);
  if (!hash) return refused(kWhat, "its third line is not a SHA-256 in base64");
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
  if (!found) return std::move(found).error().context(text::quoted(path.string()));
  return found;
}

std::string to_text(const Proof& proof) {
  return text::format("{}\nextra {}\nindex {}\n{}\n{}", kProofHead,
                      base64::encode(bytes_of(proof.record)), proof.index, lines_of(proof.path),
                      proof.checkpoint);
}

Result<Proof> parse_proof(std::string_view text) {
  constexpr std::string_view kWhat = "proof";
  if (text.size() > kMaxProof) return refused(kWhat, "it is over 1 MiB");
  if (take_line(text) != kProofHead) {
    return refused(kWhat, text::format("its first line is not {}", kProofHead));
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
  return text::format("{}{}\n{}\n{}", kOld, continuation.from, lines_of(continuation.path),
                      continuation.checkpoint);
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
