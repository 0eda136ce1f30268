#include "core/audit/log/verify.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "core/audit/log/locate.hpp"
#include "core/audit/log/seek.hpp"
#include "core/audit/log/segments.hpp"
#include "core/audit/log/tree_file.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"

namespace mcpauth::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 7> kVerdictNames = {
    "ok",        "unsealed-tail", "torn-last-line", "unverifiable",
    "truncated", "rolled-back",   "tampered"};

/// The log's own checkpoint.
struct Seal {
  std::optional<Checkpoint> checkpoint = {};  ///< only if its signature is good
  std::string signed_by = {};
  Verdict verdict = Verdict::ok;  ///< what is wrong with it
  std::string why = {};
};

Seal read_seal(const fs::path& path, const Result<std::string>& text,
               std::span<const NoteVerifier> verifiers) {
  const std::string file = path.string();
  if (!text) {
    return {.verdict = Verdict::unverifiable,
            .why = text::format("there is no checkpoint: {}", text.error().message)};
  }
  const auto note = parse_note(*text);
  if (!note) {
    return {.verdict = Verdict::tampered,
            .why = text::format("`{}` is {}", file, note.error().message)};
  }
  auto checkpoint = parse_checkpoint(note->text);
  if (!checkpoint) {
    return {.verdict = Verdict::tampered,
            .why = text::format("`{}` is {}", file, checkpoint.error().message)};
  }
  switch (judge(*note, verifiers)) {
    case Trust::unknown:
      return {.verdict = Verdict::unverifiable,
              .why = text::format("`{}` is signed by {}, and by none of the given keys", file,
                                  note->signatures.front().name)};
    case Trust::forged:
      return {.verdict = Verdict::tampered,
              .why = text::format("the signature of `{}` is wrong", file)};
    case Trust::good:
      break;
  }
  Seal seal{.checkpoint = *std::move(checkpoint)};
  for (const auto& verifier : verifiers) {
    if (std::ranges::any_of(note->signatures,
                            [&](const auto& signature) { return verifier.knows(signature); })) {
      seal.signed_by = verifier.vkey();
      break;
    }
  }
  return seal;
}

std::string records(std::uint64_t count) {
  return text::count_of(count, "record");
}

class Judge {
 public:
  /// `empty` is the last file, if it is empty: the next record would be written there.
  Judge(std::span<const Segment> segments, const Segment* empty, const VerifyOptions& options)
      : segments_(segments), empty_(empty), options_(options) {}

  Result<VerifyReport> run() {
    const auto path = beside(options_.log, "checkpoint");
    seal_ = read_seal(path, options_.checkpoint ? *options_.checkpoint : read_beside(path),
                      options_.verifiers);
    ScanOptions scan_options{.threads = std::max(1U, options_.threads),
                             .progress = options_.progress};
    if (options_.first != 0) {
      TRY(scan_options.before, missing_part());
    }
    if (seal_.checkpoint) scan_options.sizes.insert(seal_.checkpoint->size);
    kept_ = options_.kept;
    add_closed();
    for (const auto& kept : kept_)
      scan_options.sizes.insert(kept.checkpoint.size);
    TRY(scan_, scan(segments_, scan_options));
    fill();
    TRY_VOID(judge_records());
    judge_seal();
    TRY_VOID(judge_kept());
    judge_redactions();
    judge_end();
    TRY_VOID(judge_tail());
    return std::move(report_);
  }

 private:
  /// Adds the checkpoints of closed segments, which the log must continue too.
  void add_closed() {
    for (const auto& segment : segments_) {
      if (segment.path == options_.log) continue;
      const auto path = beside(segment.path, "checkpoint");
      auto closed = read_signed_checkpoint(path);
      if (!closed || judge(closed->note, options_.verifiers) != Trust::good) continue;
      const auto& own = seal_.checkpoint;
      if (!own || closed->checkpoint.origin != own->origin) continue;
      kept_.push_back({.name = path.string(), .checkpoint = std::move(closed->checkpoint)});
    }
  }

  /// The range of the records before `first`, from the tree file. If it is wrong, the root of the
  /// whole log will not be the signed one.
  Result<CompactRange> missing_part() const {
    auto tree = TreeFile::open(beside(options_.log, "tree"), TreeFile::For::reading);
    if (!tree) {
      return Error{.code = Errc::unverifiable,
                   .message = text::format(
                       "the records before {} can only be left out if their hashes are there: {}",
                       options_.first, tree.error().message)};
    }
    if (tree->leaves() < options_.first) {
      return Error{.code = Errc::unverifiable,
                   .message = text::format("the log's tree does not cover the records before {}",
                                           options_.first)};
    }
    return tree->range(options_.first);
  }

  void fill() {
    report_.first = options_.first;
    report_.records = scan_.records;
    report_.torn_bytes = scan_.torn_bytes;
    report_.redacted = scan_.redacted.size();
    report_.sealed = seal_.checkpoint;
    report_.signed_by = seal_.signed_by;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      report_.segments.push_back(
          {.file = segments_[i].path, .bytes = segments_[i].bytes, .lines = scan_.lines[i]});
    }
    if (empty_ != nullptr) report_.segments.push_back({.file = empty_->path});
    for (auto& [id, pending] : scan_.pending)
      report_.pending.push_back(std::move(pending));
    std::ranges::sort(report_.pending, {}, &Pending::seq);
  }

  /// Keeps the worst verdict; of equal verdicts, the first.
  void say(Verdict verdict, std::string why, std::optional<Place> place = {}) {
    if (place && place->segment < report_.segments.size()) {
      auto& segment = report_.segments[place->segment];
      if (verdict > segment.verdict) {
        segment.verdict = verdict;
        segment.place = place;
      }
    }
    if (verdict <= report_.verdict) return;
    report_.verdict = verdict;
    report_.why = std::move(why);
    report_.place = place;
  }

  std::optional<Hash> root_at(std::uint64_t size) const {
    const auto found = scan_.roots.find(size);
    return found == scan_.roots.end() ? std::nullopt : std::optional(found->second);
  }

  Place end_place() const {
    if (empty_ != nullptr) return {segments_.size(), 1, 0, scan_.range.end()};
    return after_last_line();
  }

  Place after_last_line() const {
    const std::size_t last = segments_.empty() ? 0 : segments_.size() - 1;
    const std::uint64_t lines = segments_.empty() ? 0 : scan_.lines[last];
    const std::uint64_t bytes = segments_.empty() ? 0 : segments_[last].bytes - scan_.torn_bytes;
    return {last, lines + 1, bytes, scan_.range.end()};
  }

  /// Looks for a wrong line, a gap, or a root that is not the signed one.
  Result<void> judge_records() {
    const auto& sealed = seal_.checkpoint;
    const auto root = sealed ? root_at(sealed->size) : std::nullopt;
    const bool differs = root && *root != sealed->root;
    const bool too_few = sealed && sealed->size > scan_.range.end();
    if (!scan_.problem && !scan_.gap && !differs && !too_few) return {};
    TRY(const auto changed,
        first_change(segments_, beside(options_.log, "tree"), sealed, options_.first));
    if (changed || scan_.problem) {
      const Problem& first = changed ? *changed : *scan_.problem;
      say(Verdict::tampered, first.what, first.place);
    } else if (scan_.gap) {
      say(Verdict::truncated, scan_.gap->what, scan_.gap->place);
    } else if (differs) {
      say(Verdict::tampered,
          "the records are not the ones that were signed; the tree that would show which one "
          "differs is lost or was changed too");
      for (auto& segment : report_.segments)
        segment.verdict = Verdict::tampered;
    }
    return {};
  }

  void judge_seal() {
    if (seal_.verdict != Verdict::ok) {
      say(seal_.verdict, seal_.why);
      return;
    }
    const std::uint64_t size = seal_.checkpoint->size;
    if (scan_.problem || scan_.gap) return;
    if (size > scan_.range.end()) {
      say(Verdict::truncated,
          text::format("{} were signed and {} are there", records(size), scan_.range.end()),
          end_place());
      return;
    }
    report_.unsealed = scan_.range.end() - size;
  }

  Result<void> judge_kept() {
    if (scan_.problem) return {};
    for (const auto& [name, checkpoint] : kept_) {
      if (seal_.checkpoint && checkpoint.origin != seal_.checkpoint->origin) {
        return Error{.code = Errc::usage,
                     .message = text::format("`{}` is a checkpoint of another log, {}", name,
                                             checkpoint.origin)};
      }
      const auto root = root_at(checkpoint.size);
      if (checkpoint.size > scan_.range.end()) {
        say(Verdict::rolled_back,
            text::format("`{}` covers {}, and only {} are there", name, records(checkpoint.size),
                         scan_.range.end()),
            end_place());
      } else if (root && *root != checkpoint.root) {
        say(Verdict::rolled_back, text::format("its first {} are not those that `{}` covers",
                                               records(checkpoint.size), name));
      }
    }
    return {};
  }

  /// Each redacted record must be announced by a signed record. If records are missing, the
  /// announcement may be one of them.
  void judge_redactions() {
    const std::uint64_t sealed = seal_.checkpoint ? seal_.checkpoint->size : 0;
    if (scan_.gap || sealed > scan_.range.end()) return;
    std::multimap<Hash, const Announcement*> announced;
    for (const auto& [seq, announcement] : scan_.announced) {
      if (seq < sealed) announced.emplace(announcement.line, &announcement);
    }
    for (const auto& redacted : scan_.redacted) {
      if (!seal_.checkpoint) return;
      Trust trust = Trust::forged;
      const auto [first, last] = announced.equal_range(redacted.line);
      for (auto at = first; at != last && trust != Trust::good; ++at) {
        const Trust one = judge(*at->second, seal_.checkpoint->origin, options_.verifiers);
        if (one != Trust::forged) trust = one;
      }
      if (trust == Trust::forged) {
        say(Verdict::tampered, "the record is redacted, and no signed record announces that",
            redacted.place);
        return;
      }
      if (trust == Trust::unknown) {
        say(Verdict::unverifiable,
            "the record is redacted, and a key that was not given signed the announcement",
            redacted.place);
      }
    }
  }

  void judge_end() {
    if (report_.torn_bytes != 0) {
      say(Verdict::torn_last_line,
          text::format("the last line is incomplete, {} bytes: its writer died, or is writing now",
                       report_.torn_bytes),
          after_last_line());
    }
  }

  /// Finds the place of the first record after the checkpoint.
  Result<void> judge_tail() {
    if (report_.unsealed == 0 || report_.verdict != Verdict::ok) return {};
    const std::uint64_t seq = seal_.checkpoint->size;
    Place place = end_place();
    for (std::size_t i = segments_.size(); i-- > 0;) {
      const auto& segment = segments_[i];
      if (!segment.first_seq || *segment.first_seq > seq) continue;
      place = {i, seq - *segment.first_seq + 1, 0, seq};
      TRY(place.byte, offset_of_seq(segment, seq));
      break;
    }
    say(Verdict::unsealed_tail,
        text::format("{} came after the last checkpoint", records(report_.unsealed)), place);
    return {};
  }

  std::span<const Segment> segments_;
  const Segment* empty_;
  const VerifyOptions& options_;
  Seal seal_;
  std::vector<KeptCheckpoint> kept_;
  Scan scan_;
  VerifyReport report_;
};

}  // namespace

std::string_view name(Verdict verdict) {
  return kVerdictNames[static_cast<std::size_t>(verdict)];
}

Result<VerifyReport> verify(std::span<const Segment> segments, const VerifyOptions& options) {
  // Leave out empty files: the segment before an empty one may still end in a torn line.
  std::vector<Segment> filled(segments.begin(), segments.end());
  std::erase_if(filled, [](const Segment& segment) { return segment.bytes == 0; });
  const bool ends_empty = !segments.empty() && segments.back().bytes == 0;
  return Judge(filled, ends_empty ? &segments.back() : nullptr, options).run();
}

}  // namespace mcpauth::audit
