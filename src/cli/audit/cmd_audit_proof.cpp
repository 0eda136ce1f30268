#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "cli/audit/files.hpp"
#include "cli/audit/kept_checkpoints.hpp"
#include "cli/audit/keys.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "core/audit/log/checkpoint.hpp"
#include "core/audit/log/line.hpp"
#include "core/audit/log/line_reader.hpp"
#include "core/audit/log/seek.hpp"
#include "core/audit/log/segments.hpp"
#include "core/audit/log/tree_file.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/number.hpp"

namespace mcpauth::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> files;
  std::optional<std::uint64_t> seq;
  std::string from;
};

Result<audit::SignedCheckpoint> read_head(const fs::path& log) {
  return audit::read_signed_checkpoint(audit::beside(log, "checkpoint"));
}

Result<std::string> record_at(const std::vector<audit::Segment>& segments, std::uint64_t seq) {
  for (const auto& segment : segments) {
    TRY(const auto at, audit::offset_of_seq(segment, seq));
    if (at >= segment.bytes) continue;
    TRY(auto lines, audit::LineReader::open(segment, at));
    const auto line = lines.next();
    if (line && audit::seq_of(*line) == seq) return std::string(*line);
    break;
  }
  return Error{.code = Errc::not_found,
               .message = text::format("record {} is not in these files", seq),
               .hint = "give the segment that has it, or the log's active file"};
}

Error damaged_tree(const fs::path& log) {
  return Error{.code = Errc::io,
               .message = "the tree beside the log does not match its checkpoint",
               .hint = text::format("mcpauth audit verify {}", log.string())};
}

Result<audit::TreeFile> open_tree(const fs::path& log) {
  auto tree = audit::TreeFile::open(audit::beside(log, "tree"), audit::TreeFile::For::reading);
  if (tree) return tree;
  Error error = std::move(tree).error();
  error.hint = "the log's writer creates it again when it starts";
  return error;
}

audit::NodeSource nodes_of(const audit::TreeFile& tree) {
  return [&tree](unsigned level, std::uint64_t index) { return tree.node(level, index); };
}

Result<Exit> prove_record(const Options& options, const fs::path& log, Env& env) {
  const std::uint64_t seq = *options.seq;
  TRY(const auto head, read_head(log));
  if (seq >= head.checkpoint.size) {
    return Error{.code = Errc::unverifiable,
                 .message = text::format("record {} is not signed yet: the checkpoint covers {}",
                                         seq, text::count_of(head.checkpoint.size, "record")),
                 .hint = "mcpauth audit checkpoint --sign"};
  }
  TRY(const auto segments, audit_segments(options.files, env));
  TRY(auto record, record_at(segments, seq));
  const auto view = audit::LineView::of(record);
  if (view && !view->redacted().empty()) {
    return Error{.code = Errc::unverifiable,
                 .message = text::format(
                     "record {} was redacted: what it said cannot be proven any more", seq)};
  }
  TRY(const auto tree, open_tree(log));
  TRY(auto path, audit::inclusion_proof(seq, head.checkpoint.size, nodes_of(tree)));
  audit::TreeHasher hasher;
  if (!audit::is_included(hasher.leaf(record), seq, head.checkpoint.size, path,
                          head.checkpoint.root)) {
    return damaged_tree(log);
  }
  env.out << audit::to_text(audit::Proof{
      .record = std::move(record), .index = seq, .path = std::move(path), .checkpoint = head.text});
  return Exit::ok;
}

Result<Exit> prove_continuation(const Options& options, const fs::path& log, Env& env) {
  TRY(const auto keys, verifiers_of({}, log));
  TRY(const auto older, read_kept(options.from, keys.keys));
  TRY(const auto head, read_head(log));
  const std::uint64_t from = older.checkpoint.size;
  if (from > head.checkpoint.size) {
    return Error{.code = Errc::denied,
                 .message = text::format("`{}` covers {} records, and the log's checkpoint only {}",
                                         options.from, from, head.checkpoint.size),
                 .hint = text::format("mcpauth audit verify --against {}", options.from)};
  }
  std::vector<audit::Hash> path;
  if (from != 0) {
    TRY(const auto tree, open_tree(log));
    TRY(path, audit::consistency_proof(from, head.checkpoint.size, nodes_of(tree)));
  }
  if (!audit::is_consistent(from, older.checkpoint.root, head.checkpoint.size, head.checkpoint.root,
                            path)) {
    return Error{.code = Errc::denied,
                 .message = text::format("the log does not begin with the records that `{}` covers",
                                         options.from),
                 .hint = text::format("mcpauth audit verify --against {}", options.from)};
  }
  env.out << audit::to_text(
      audit::Continuation{.from = from, .path = std::move(path), .checkpoint = head.text});
  return Exit::ok;
}

Result<Exit> prove(const Options& options, Env& env) {
  if (options.seq.has_value() == !options.from.empty()) {
    return Error{
        .code = Errc::usage,
        .message = "give either --seq or --from",
        .hint = "--seq N proves a record, --from CHECKPOINT that no older record was changed"};
  }
  TRY(const auto log, audit_log(options.files, env));
  TRY_VOID(check_output_outside_log(log, env));
  return options.seq ? prove_record(options, log, env) : prove_continuation(options, log, env);
}

Action bind(Spec& spec) {
  const auto o = std::make_shared<Options>();
  spec.arguments("FILE", "The log; default: [audit] file", o->files).completes = Completes::file;
  spec.custom("--seq", "N", "Prove that this record is in the log",
              [o](std::string_view text) -> Result<void> {
                o->seq = parse_number<std::uint64_t>(text);
                if (o->seq) return {};
                return Error{.code = Errc::usage, .message = "it must be a whole number"};
              });
  spec.value("--from", "CHECKPOINT", "Prove that the log continues this older checkpoint", o->from)
      .completes = Completes::file;
  return [o](Env& env) { return prove(*o, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth audit proof --seq 4711 > record.tlog-proof",
     "one record for an auditor, who needs neither the log nor mcpauth"},
    {"mcpauth audit proof --from october.checkpoint > since-october.proof",
     "that all records of October are still there, unchanged"},
};

}  // namespace

extern const Command kAuditProof;
constinit const Command kAuditProof = {
    .path = "audit proof",
    .summary = "Prove that a record is in the log, or that none changed",
    .description =
        "Writes a self-contained proof. With --seq, it holds the record, the hashes from it to "
        "the root, and the signed checkpoint (c2sp.org/tlog-proof). With --from, it holds the "
        "hashes that lead from the root of the older checkpoint to the current root. `mcpauth "
        "audit verify --proof` verifies both with nothing but the verifier key. Each proof is "
        "verified before it is written.",
    .examples = kExamples,
    .exits = "0 1 2 3 4",
    .bind = bind,
};

}  // namespace mcpauth::cli
