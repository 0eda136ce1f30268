#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "cli/audit/files.hpp"
#include "cli/audit/kept_checkpoints.hpp"
#include "cli/audit/keys.hpp"
#include "cli/audit/verify_output.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "core/audit/log/verify.hpp"
#include "core/audit/log/writer_lock.hpp"
#include "core/base/file.hpp"
#include "core/codec/format.hpp"
#include "core/codec/number.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

namespace fs = std::filesystem;
using audit::Verdict;

struct Options {
  std::vector<std::string> files;
  std::vector<std::string> keys;
  std::vector<std::string> against;
  std::string proof;
  std::uint64_t first = 0;
  bool live = false;
  bool no_remember = false;
};

/// The segments of the log. There may be none: if a checkpoint is left, all of them were removed.
Result<std::vector<audit::Segment>> segments_of(const Options& options, const fs::path& log) {
  if (options.files.size() > 1) return audit::segments_of(segment_paths(options.files));
  TRY(auto segments, audit::find_live_segments(log));
  if (!segments.empty() || fs::exists(audit::beside(log, "checkpoint"))) return segments;
  return Error{.code = Errc::not_found,
               .message = text::format("there is no audit log `{}`", log.string()),
               .hint = "`mcpauth config show --origin` says where it is"};
}

Exit exit_of(Verdict verdict, bool live) {
  switch (verdict) {
    case Verdict::ok:
      return Exit::ok;
    case Verdict::unsealed_tail:
    case Verdict::torn_last_line:
      return live ? Exit::ok : Exit::unverifiable;
    case Verdict::unverifiable:
      return Exit::unverifiable;
    case Verdict::truncated:
    case Verdict::rolled_back:
    case Verdict::tampered:
      break;
  }
  return Exit::no;
}

Result<Exit> verify_log(const Options& options, Env& env) {
  TRY(const auto log, audit_log(options.files, env));
  TRY_VOID(check_output_outside_log(log, env));
  auto checkpoint = audit::read_beside(audit::beside(log, "checkpoint"));
  TRY(const auto segments, segments_of(options, log));
  TRY(const auto keys, verifiers_of(options.keys, log));
  audit::VerifyOptions how{.log = log,
                           .checkpoint = std::move(checkpoint),
                           .verifiers = keys.keys,
                           .first = options.first,
                           .threads = std::max(1U, std::thread::hardware_concurrency())};
  for (const auto& file : options.against) {
    TRY(auto kept, read_kept(file, keys.keys));
    how.kept.push_back(std::move(kept));
  }
  if (!options.no_remember) {
    TRY(auto kept, remembered(keys.keys, env));
    std::ranges::move(kept, std::back_inserter(how.kept));
  }
  VerifyProgress progress(segments, env);
  how.progress = [&progress](std::uint64_t bytes) { progress.at(bytes); };
  TRY(const auto report, audit::verify(segments, how));
  progress.done();
  const bool good = report.verdict <= Verdict::torn_last_line && report.sealed;
  if (good && !options.no_remember) remember(*report.sealed, keys.keys, env);
  print_verify(report,
               {.writer = audit::WriterLock::holder(log),
                .live = options.live,
                .key_beside_log = keys.beside_log,
                .has_keys = !keys.keys.empty()},
               env);
  return exit_of(report.verdict, options.live);
}

/// Verifies that a newer checkpoint continues an older one, without the log.
Result<Exit> verify_continuation(const Options& options, std::string_view text, Env& env) {
  auto proof = audit::parse_continuation(text);
  if (!proof) return std::move(proof).error().context(text::quoted(options.proof));
  TRY(const auto keys, verifiers_of(options.keys, options.proof));
  if (options.against.size() != 1) {
    return Error{.code = Errc::usage,
                 .message = "this proof needs exactly one older checkpoint",
                 .hint = "give the checkpoint that it continues: --against CHECKPOINT"};
  }
  TRY(const auto older, read_kept(options.against.front(), keys.keys));
  auto signed_part = audit::parse_signed_checkpoint(proof->checkpoint);
  if (!signed_part) return std::move(signed_part).error().context(text::quoted(options.proof));
  const auto& newer = signed_part->checkpoint;
  const auto trust = audit::judge(signed_part->note, keys.keys);
  const bool continues = newer.origin == older.checkpoint.origin &&
                         proof->from == older.checkpoint.size &&
                         audit::is_consistent(older.checkpoint.size, older.checkpoint.root,
                                              newer.size, newer.root, proof->path);
  print_continuation(older.checkpoint, newer, trust, continues, env);
  if (trust == audit::Trust::unknown) return Exit::unverifiable;
  return trust == audit::Trust::good && continues ? Exit::ok : Exit::no;
}

/// Verifies a proof for one record, without the log.
Result<Exit> verify_proof(const Options& options, Env& env) {
  TRY(const auto text, read_file(options.proof));
  if (audit::is_continuation(text)) return verify_continuation(options, text, env);
  auto proof = audit::parse_proof(text);
  if (!proof) return std::move(proof).error().context(text::quoted(options.proof));
  TRY(const auto keys, verifiers_of(options.keys, options.proof));
  if (keys.keys.empty()) {
    return Error{.code = Errc::usage,
                 .message = "a proof needs the log's verifier key",
                 .hint = "give it with --key VKEY; `mcpauth audit checkpoint --vkey` prints it"};
  }
  auto signed_part = audit::parse_signed_checkpoint(proof->checkpoint);
  if (!signed_part) return std::move(signed_part).error().context(text::quoted(options.proof));
  const auto& checkpoint = signed_part->checkpoint;
  const auto trust = audit::judge(signed_part->note, keys.keys);
  audit::TreeHasher hasher;
  // Not leaf_of: a redacted record states its own leaf, and so could prove anything.
  const auto leaf = hasher.leaf(proof->record);
  const bool included =
      audit::is_included(leaf, proof->index, checkpoint.size, proof->path, checkpoint.root);
  print_proof(*proof, checkpoint, trust, included, env);
  if (trust == audit::Trust::unknown) return Exit::unverifiable;
  return trust == audit::Trust::good && included ? Exit::ok : Exit::no;
}

Result<Exit> verify(const Options& options, Env& env) {
  return options.proof.empty() ? verify_log(options, env) : verify_proof(options, env);
}

Action bind(Spec& spec) {
  const auto o = std::make_shared<Options>();
  spec.arguments("FILES", "The log, or its segments; default: [audit] file", o->files).completes =
      Completes::file;
  spec.values("--key", "VKEY", "Verifier key, or a file with one per line; default: FILE.vkey",
              o->keys);
  spec.values("--against", "CHECKPOINT", "Also check that the log continues this checkpoint",
              o->against)
      .completes = Completes::file;
  spec.value("--proof", "FILE", "Verify a file that `audit proof` wrote, instead of a log",
             o->proof)
      .completes = Completes::file;
  spec.custom("--first", "SEQ", "Records before this one may have been moved away",
              [o](std::string_view text) -> Result<void> {
                const auto number = parse_number<std::uint64_t>(text);
                if (!number) {
                  return Error{.code = Errc::usage, .message = "it must be a whole number"};
                }
                o->first = *number;
                return {};
              });
  spec.flag("--live", "Accept records after the last checkpoint: the log is being written",
            o->live);
  spec.flag("--no-remember", "Neither use nor update the remembered checkpoint of this log",
            o->no_remember);
  return [o](Env& env) { return verify(*o, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth audit verify", "the configured log with all its segments"},
    {"mcpauth audit verify audit.jsonl --key \"$VKEY\" --against last-month.checkpoint",
     "an auditor, with a key and a checkpoint from elsewhere"},
    {"mcpauth audit verify --live --json", "from cron, while the proxy writes"},
    {"mcpauth audit verify --proof record.tlog-proof --key \"$VKEY\"",
     "one record, without its log"},
};

}  // namespace

extern const Command kAuditVerify;
constinit const Command kAuditVerify = {
    .path = "audit verify",
    .summary = "Verify that an audit log is what was signed",
    .description =
        "Hashes every record and compares the tree with the signed checkpoint beside the log, "
        "with the checkpoints of --against, and with the last one that this user verified. The "
        "verdict is ok (0); tampered, truncated or rolled-back (1); unverifiable (4); or "
        "unsealed-tail or torn-last-line, if the end is not signed yet (4; 0 with --live). "
        "Except for ok, it says where: file, line, seq and byte. Intents without an outcome are "
        "listed.\n\n"
        "Only the public key is needed. The key beside the log was put there by the log's "
        "writer. To detect changes by a person with access to the writer, use --key, and keep a "
        "checkpoint elsewhere.",
    .examples = kExamples,
    .exits = "0 1 2 3 4",
    .bind = bind,
};

}  // namespace mcpauth::cli
