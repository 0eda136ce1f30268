#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/audit/log/checkpoint.hpp"
#include "core/audit/log/log_keys.hpp"
#include "core/audit/log/note.hpp"
#include "core/base/panic.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

using namespace mcpauth;

// Signed notes, checkpoints, proofs and verifier keys: an accepted input is written back unchanged.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (const auto note = audit::parse_note(input)) {
    if (note->signatures.empty()) panic("a note without a signature");
    const auto verifier = audit::NoteVerifier::parse(
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
    (void)audit::judge(*note, {&*verifier, 1});
    (void)audit::parse_checkpoint(note->text);
  }
  if (const auto checkpoint = audit::parse_checkpoint(input)) {
    if (!input.starts_with(audit::to_text(*checkpoint))) panic("another checkpoint");
  }
  if (const auto proof = audit::parse_proof(input)) {
    if (audit::to_text(*proof) != input) panic("another proof");
  }
  if (const auto proof = audit::parse_continuation(input)) {
    if (audit::to_text(*proof) != input) panic("another continuation");
  }
  if (const auto key = audit::NoteVerifier::parse(input)) {
    if (key->vkey() != input) panic("another verifier key");
  }
  (void)audit::verifiers_from(input);
  return 0;
}
