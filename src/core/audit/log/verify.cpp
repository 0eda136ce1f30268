#include "core/audit/log/verify.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "core/audit/log/locate.hpp"
#include "core/audit/log/seek.hpp"
#include "core/audit/log/segments.hpp"
#include "core/audit/log/tree_file.hpp"

namespace mcpauth::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 7> kNames = {
    "ok",        "unsealed-tail", "torn-last-line", "unverifiable",
    "truncated", "rolled-back",   "tampered"};

/// The log's own checkpoint as it was found.
struct Seal {
  std::optional<Checkpoint> checkpoint;  ///< only where its signature is good
  std::string signed_by;
  Verdict verdict = Verdict::ok;  ///< what is wrong with it
  std::string why;
};

Seal read_seal(const fs::path& path, const Result<std::string>& text,
               std::span<const NoteVerifier> verifiers) {
  const std::string shown = "`" + path.string() + "`";
  if (!text)
    return {.checkpoint = {},
            .signed_by = {},
            .verdict = Verdict::unverifiable,
            .why = "there is no checkpoint: " + text.error().message};
  const auto note = parse_note(*text);
  if (!note)
    return {.checkpoint = {},
            .signed_by = {},
            .verdict = Verdict::tampered,
            .why = shown + " is " + note.error().message};
  auto checkpoint = parse_checkpoint(note->text);
  if (!checkpoint)
    return {.checkpoint = {},
            .signed_by = {},
            .verdict = Verdict::tampered,
            .why = shown + " is " + checkpoint.error().message};
  switch (judge(*note, verifiers)) {
    case Trust::unknown:
      return {.checkpoint = {},
              .signed_by = {},
              .verdict = Verdict::unverifiable,
              .why = shown + " is signed by " + note->signatures.front().name +
                     ", with no key that was given"};
    case Trust::forged:
      return {.checkpoint = {},
              .signed_by = {},
              .verdict = Verdict::tampered,
              .why = "the signature of " + shown + " is wrong"};
    case Trust::good:
      break;
  }
  Seal seal{.checkpoint = *std::move(checkpoint), .signed_by = {}, .verdict = {}, .why = {}};
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
  return std::to_string(count) + (count == 1 ? " record" : " records");
}

class Judge {
 public:
  /// `empty`: the last file, where it has nothing; the next record would go there.
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
    seen_ = options_.seen;
    add_closed();
    for (const auto& seen : seen_)
      scan_options.sizes.insert(seen.checkpoint.size);
    TRY(scan_, scan(segments_, scan_options));
    fill();
    TRY_VOID(judge_records());
    judge_seal();
    TRY_VOID(judge_seen());
    judge_redactions();
    judge_end();
    TRY_VOID(judge_tail());
    return std::move(report_);
  }

 private:
  /// The checkpoints of closed segments: signed once, they still hold.
  void add_closed() {
    for (const auto& segment : segments_) {
      if (segment.path == options_.log) continue;
      const auto path = beside(segment.path, "checkpoint");
      auto closed = read_signed_checkpoint(path);
      if (!closed || judge(closed->note, options_.verifiers) != Trust::good) continue;
      const auto& own = seal_.checkpoint;
      if (!own || closed->checkpoint.origin != own->origin) continue;
      seen_.push_back({.name = path.string(), .checkpoint = std::move(closed->checkpoint)});
    }
  }

  /// The range of the records before `first`, from the tree. That it belongs to this log shows when
  /// all comes to the signed root.
  Result<CompactRange> missing_part() const {
    auto tree = TreeFile::open(beside(options_.log, "tree"), TreeFile::For::reading);
    if (!tree) {
      return Error{.code = Errc::unverifiable,
                   .message = "without the records before " + std::to_string(options_.first) +
                              " their hashes are needed: " + tree.error().message};
    }
    if (tree->leaves() < options_.first) {
      return Error{.code = Errc::unverifiable,
                   .message = "the log's tree does not hold the records before " +
                              std::to_string(options_.first)};
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

  /// Keeps the worst verdict, of equal ones the first.
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
    return behind_last_line();
  }

  Place behind_last_line() const {
    const std::size_t last = segments_.empty() ? 0 : segments_.size() - 1;
    const std::uint64_t lines = segments_.empty() ? 0 : scan_.lines[last];
    const std::uint64_t bytes = segments_.empty() ? 0 : segments_[last].bytes - scan_.torn_bytes;
    return {last, lines + 1, bytes, scan_.range.end()};
  }

  /// A line that cannot stand where it stands, a gap, or a root that is not the signed one.
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
          "the records are not those that were signed; the tree that could say which is lost or "
          "changed too");
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
          records(size) + " were signed and " + std::to_string(scan_.range.end()) + " are there",
          end_place());
      return;
    }
    report_.unsealed = scan_.range.end() - size;
  }

  Result<void> judge_seen() {
    if (scan_.problem) return {};
    for (const auto& seen : seen_) {
      const Checkpoint& checkpoint = seen.checkpoint;
      if (seal_.checkpoint && checkpoint.origin != seal_.checkpoint->origin) {
        return Error{.code = Errc::usage,
                     .message = "`" + seen.name + "` is of another log, " + checkpoint.origin};
      }
      const auto root = root_at(checkpoint.size);
      if (checkpoint.size > scan_.range.end()) {
        say(Verdict::rolled_back,
            "`" + seen.name + "` covers " + records(checkpoint.size) + ", and only " +
                std::to_string(scan_.range.end()) + " are there",
            end_place());
      } else if (root && *root != checkpoint.root) {
        say(Verdict::rolled_back, "its first " + records(checkpoint.size) +
                                      " are not those that `" + seen.name + "` covers");
      }
    }
    return {};
  }

  /// A redacted record stands for another one only where a signed record says so.
  void judge_redactions() {
    const std::uint64_t sealed = seal_.checkpoint ? seal_.checkpoint->size : 0;
    if (scan_.gap || sealed > scan_.range.end())
      return;  // the announcement may be among what is missing
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
          "the last line is incomplete, " + std::to_string(report_.torn_bytes) +
              " bytes: its writer died, or is writing now",
          behind_last_line());
    }
  }

  /// Where the first record behind the checkpoint stands.
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
    say(Verdict::unsealed_tail, records(report_.unsealed) + " came after the last checkpoint",
        place);
    return {};
  }

  std::span<const Segment> segments_;
  const Segment* empty_;
  const VerifyOptions& options_;
  Seal seal_;
  std::vector<Seen> seen_;
  Scan scan_;
  VerifyReport report_;
};

}  // namespace

std::string_view name(Verdict verdict) {
  return kNames[static_cast<std::size_t>(verdict)];
}

Result<VerifyReport> verify(std::span<const Segment> segments, const VerifyOptions& options) {
  // An empty file has no records to judge; behind a torn line it must not make that a closed one.
  std::vector<Segment> filled(segments.begin(), segments.end());
  std::erase_if(filled, [](const Segment& segment) { return segment.bytes == 0; });
  const bool ends_empty = !segments.empty() && segments.back().bytes == 0;
  return Judge(filled, ends_empty ? &segments.back() : nullptr, options).run();
}

}  // namespace mcpauth::audit
