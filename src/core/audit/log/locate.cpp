#include "core/audit/log/locate.hpp"

#include <algorithm>
#include <utility>

#include "core/audit/log/leaf.hpp"
#include "core/audit/log/line_reader.hpp"
#include "core/audit/log/record_form.hpp"
#include "core/audit/log/tree_file.hpp"

namespace mcpauth::audit {
namespace {

constexpr std::uint64_t kBlock = 4096;

/// Whether the tree has far more leaves than these files can have records. Reading such a tree
/// would only waste time.
bool is_absurd(std::uint64_t leaves, std::span<const Segment> segments) {
  constexpr std::uint64_t kShortestRecord = 200;
  constexpr std::uint64_t kFew = 4'000'000;  // read in about a second
  std::uint64_t bytes = 0;
  for (const auto& segment : segments)
    bytes += segment.bytes;
  return leaves > kFew && leaves / 4 > bytes / kShortestRecord;
}

/// Whether the leaves in the tree file lead to the signed root.
bool is_trustworthy(const TreeFile& tree, const Checkpoint& sealed) {
  if (tree.leaves() < sealed.size) return false;
  TreeHasher hasher;
  CompactRange range;
  while (range.end() < sealed.size) {
    const auto leaves = tree.leaf_hashes(range.end(), std::min(range.end() + kBlock, sealed.size));
    if (!leaves) return false;
    for (const Hash& leaf : *leaves)
      range.append_leaf(leaf, hasher);
  }
  return range.root(hasher) == sealed.root;
}

/// The leaves that were signed; none if the tree file cannot be trusted.
class SignedLeaves {
 public:
  SignedLeaves(const std::filesystem::path& path, const std::optional<Checkpoint>& sealed) {
    if (!sealed) return;
    auto tree = TreeFile::open(path, TreeFile::For::reading);
    if (!tree || !is_trustworthy(*tree, *sealed)) return;
    tree_ = *std::move(tree);
    size_ = sealed->size;
  }

  bool has(std::uint64_t seq) const { return seq < size_; }
  Result<Hash> at(std::uint64_t seq) {
    if (seq < start_ || seq >= start_ + block_.size()) {
      TRY(block_, tree_->leaf_hashes(seq, std::min(seq + kBlock, size_)));
      start_ = seq;
    }
    return block_[seq - start_];
  }

 private:
  std::optional<TreeFile> tree_;
  std::uint64_t size_ = 0;
  std::uint64_t start_ = 0;
  std::vector<Hash> block_;
};

/// Checks lines in order.
class Walk {
 public:
  Walk(SignedLeaves leaves, std::uint64_t first) : leaves_(std::move(leaves)), seq_(first) {}

  Result<std::optional<Problem>> over(const Segment& segment, std::size_t index, bool is_last) {
    TRY(auto lines, LineReader::open(segment, 0));
    Place place{index, 1, 0, seq_};
    while (const auto line = lines.next()) {
      place.byte = lines.offset();
      TRY(auto problem, judge(*line, place));
      if (problem) return problem;
      ++place.line;
    }
    TRY_VOID(lines.status());
    if (lines.rest() == 0 || is_last) return std::optional<Problem>{};
    place.byte = lines.offset();
    place.seq = seq_;
    return std::optional(
        Problem{.place = place, .what = "the last line of a closed segment is incomplete"});
  }

 private:
  Result<std::optional<Problem>> judge(std::string_view line, Place& place) {
    const auto record = LineView::of(line);
    const bool sound = record && is_sound(*record);
    place.seq = seq_;
    if (sound && place.line == 1 && record->seq() > seq_) seq_ = record->seq();
    if (leaves_.has(seq_)) {
      TRY(const Hash wanted, leaves_.at(seq_));
      if (leaf_of(line, hasher_) != wanted) {
        return std::optional(
            Problem{.place = place, .what = "the record is not the one that was signed"});
      }
    }
    if (!sound) {
      return std::optional(Problem{.place = place, .what = "the line is not a record"});
    }
    if (record->seq() != seq_) return std::optional(out_of_order(place, record->seq(), seq_));
    ++seq_;
    return std::optional<Problem>{};
  }

  SignedLeaves leaves_;
  TreeHasher hasher_;
  std::uint64_t seq_;
};

}  // namespace

Result<std::optional<Problem>> first_change(std::span<const Segment> segments,
                                            const std::filesystem::path& tree,
                                            const std::optional<Checkpoint>& sealed,
                                            std::uint64_t first) {
  const bool usable = sealed && !is_absurd(sealed->size, segments);
  Walk walk(SignedLeaves(tree, usable ? sealed : std::nullopt), first);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    TRY(auto problem, walk.over(segments[i], i, i + 1 == segments.size()));
    if (problem) return problem;
  }
  return std::optional<Problem>{};
}

}  // namespace mcpauth::audit
