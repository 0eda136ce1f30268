#include "core/audit/locate.hpp"

#include <algorithm>

#include "core/audit/leaf.hpp"
#include "core/audit/line_reader.hpp"
#include "core/audit/tree_file.hpp"

namespace mcpauth::audit {
namespace {

constexpr std::uint64_t kBlock = 4096;

/// Whether the leaves in the tree file come to the root that was signed.
bool is_trustworthy(const TreeFile& tree, const Checkpoint& sealed) {
  if (tree.leaves() < sealed.size) return false;
  TreeHasher hasher;
  CompactRange range;
  while (range.end() < sealed.size) {
    const auto leaves =
        tree.leaf_hashes(range.end(), std::min(range.end() + kBlock, sealed.size));
    if (!leaves) return false;
    for (const Hash& leaf : *leaves)
      range.append_leaf(leaf, hasher);
  }
  return range.root(hasher) == sealed.root;
}

/// Gives the signed leaves in order.
class SignedLeaves {
 public:
  SignedLeaves(const TreeFile& tree, std::uint64_t size) : tree_(tree), size_(size) {}

  Result<Hash> at(std::uint64_t seq) {
    if (seq < start_ || seq >= start_ + block_.size()) {
      TRY(block_, tree_.leaf_hashes(seq, std::min(seq + kBlock, size_)));
      start_ = seq;
    }
    return block_[seq - start_];
  }

 private:
  const TreeFile& tree_;
  std::uint64_t size_;
  std::uint64_t start_ = 0;
  std::vector<Hash> block_;
};

}  // namespace

Result<std::optional<Problem>> first_change(std::span<const Segment> segments,
                                            const std::filesystem::path& tree_path,
                                            const Checkpoint& sealed, std::uint64_t first) {
  const auto tree = TreeFile::open(tree_path, TreeFile::For::reading);
  if (!tree || !is_trustworthy(*tree, sealed)) return std::optional<Problem>{};
  SignedLeaves leaves(*tree, sealed.size);
  TreeHasher hasher;
  std::uint64_t seq = first;
  for (std::size_t i = 0; i < segments.size() && seq < sealed.size; ++i) {
    TRY(auto lines, LineReader::open(segments[i].path, 0, segments[i].bytes));
    for (std::uint64_t line = 1; seq < sealed.size; ++line, ++seq) {
      const auto text = lines.next();
      if (!text) break;
      TRY(const Hash wanted, leaves.at(seq));
      if (leaf_of(*text, hasher) == wanted) continue;
      return std::optional(Problem{.place = {i, line, lines.offset(), seq},
                                   .what = "the record is not the one that was signed"});
    }
    TRY_VOID(lines.status());
  }
  return std::optional<Problem>{};
}

}  // namespace mcpauth::audit
