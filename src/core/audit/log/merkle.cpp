#include "core/audit/log/merkle.hpp"

#include <bit>

#include "core/base/panic.hpp"

namespace mcpauth::audit {
namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;
constexpr std::uint8_t kNodePrefix = 0x01;

/// The largest power of two below `count`, which is over 1.
std::uint64_t split_of(std::uint64_t count) {
  return std::bit_floor(count - 1);
}

/// Builds the proofs of RFC 6962 section 2.1. Every range starts at a multiple of the largest power
/// of two below its length, like the subtrees of the tree.
class Prover {
 public:
  explicit Prover(const NodeSource& nodes) : nodes_(nodes) {}

  Result<Hash> root_of(std::uint64_t low, std::uint64_t high) {
    const std::uint64_t count = high - low;
    if (std::has_single_bit(count)) {
      const auto level = static_cast<unsigned>(std::countr_zero(count));
      return nodes_(level, low >> level);
    }
    const std::uint64_t middle = low + split_of(count);
    TRY(const Hash left, root_of(low, middle));
    TRY(const Hash right, root_of(middle, high));
    return hasher_.node(left, right);
  }

  Result<std::vector<Hash>> path(std::uint64_t index, std::uint64_t low, std::uint64_t high) {
    if (high - low == 1) return std::vector<Hash>{};
    const std::uint64_t middle = low + split_of(high - low);
    const bool left = index < middle;
    TRY(auto proof, left ? path(index, low, middle) : path(index, middle, high));
    TRY(const Hash other, left ? root_of(middle, high) : root_of(low, middle));
    proof.push_back(other);
    return proof;
  }

  /// SUBPROOF of section 2.1.2; `known`: the verifier has the hash of this subtree already.
  Result<std::vector<Hash>> subproof(std::uint64_t from, std::uint64_t low, std::uint64_t high,
                                     bool known) {
    if (from == high) {
      if (known) return std::vector<Hash>{};
      TRY(const Hash whole, root_of(low, high));
      return std::vector<Hash>{whole};
    }
    const std::uint64_t middle = low + split_of(high - low);
    const bool left = from <= middle;
    TRY(auto proof,
        left ? subproof(from, low, middle, known) : subproof(from, middle, high, false));
    TRY(const Hash other, left ? root_of(middle, high) : root_of(low, middle));
    proof.push_back(other);
    return proof;
  }

 private:
  const NodeSource& nodes_;
  TreeHasher hasher_;
};

}  // namespace

Hash TreeHasher::leaf(std::string_view record) {
  sha_.start();
  sha_.add({&kLeafPrefix, 1});
  sha_.add(bytes_of(record));
  return sha_.finish();
}

Hash TreeHasher::node(const Hash& left, const Hash& right) {
  sha_.start();
  sha_.add({&kNodePrefix, 1});
  sha_.add(left);
  sha_.add(right);
  return sha_.finish();
}

Hash empty_root() {
  return crypto::sha256({});
}

void CompactRange::append(const Node& node, TreeHasher& hasher,
                          const std::function<void(const Node&)>& made) {
  if (node.index << node.level != end_) panic("a Merkle range was continued at the wrong leaf");
  Node top = node;
  end_ = (node.index + 1) << node.level;
  if (made) made(top);
  while (top.index % 2 == 1 && !nodes_.empty() && nodes_.back().level == top.level) {
    top = {top.level + 1, top.index / 2, hasher.node(nodes_.back().hash, top.hash)};
    nodes_.pop_back();
    if (made) made(top);
  }
  nodes_.push_back(top);
}

void CompactRange::append(const CompactRange& next, TreeHasher& hasher) {
  for (const Node& node : next.nodes())
    append(node, hasher);
}

Hash CompactRange::root(TreeHasher& hasher) const {
  if (begin_ != 0) panic("the root of a part of a tree was asked for");
  if (nodes_.empty()) return empty_root();
  Hash root = nodes_.back().hash;
  for (std::size_t i = nodes_.size() - 1; i-- > 0;)
    root = hasher.node(nodes_[i].hash, root);
  return root;
}

std::vector<Node> range_nodes(std::uint64_t size) {
  std::vector<Node> nodes;
  std::uint64_t at = 0;
  while (at < size) {
    const auto level = static_cast<unsigned>(std::bit_width(size - at) - 1);
    nodes.push_back({.level = level, .index = at >> level});
    at += std::uint64_t{1} << level;
  }
  return nodes;
}

Result<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                          const NodeSource& nodes) {
  return Prover(nodes).path(index, 0, size);
}

Result<std::vector<Hash>> consistency_proof(std::uint64_t from, std::uint64_t to,
                                            const NodeSource& nodes) {
  return Prover(nodes).subproof(from, 0, to, true);
}

bool is_included(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                 std::span<const Hash> proof, const Hash& root) {
  if (index >= size) return false;
  TreeHasher hasher;
  std::uint64_t at = index;
  std::uint64_t last = size - 1;
  Hash hash = leaf;
  for (const Hash& other : proof) {
    if (last == 0) return false;
    if (at % 2 == 1 || at == last) {
      hash = hasher.node(other, hash);
      while (at % 2 == 0 && at != 0) {
        at >>= 1U;
        last >>= 1U;
      }
    } else {
      hash = hasher.node(hash, other);
    }
    at >>= 1U;
    last >>= 1U;
  }
  return last == 0 && crypto::equal(hash, root);
}

bool is_consistent(std::uint64_t from, const Hash& from_root, std::uint64_t to, const Hash& to_root,
                   std::span<const Hash> proof) {
  if (from > to) return false;
  if (from == to) return proof.empty() && crypto::equal(from_root, to_root);
  if (from == 0) return proof.empty() && crypto::equal(from_root, empty_root());
  std::uint64_t at = from - 1;
  std::uint64_t last = to - 1;
  while (at % 2 == 1) {
    at >>= 1U;
    last >>= 1U;
  }
  // If `from` is a power of two, its root is the first node, and the proof omits it.
  std::size_t used = 0;
  Hash first = from_root;
  if (!std::has_single_bit(from)) {
    if (proof.empty()) return false;
    first = proof[used++];
  }
  TreeHasher hasher;
  Hash old_hash = first;
  Hash new_hash = first;
  for (; used < proof.size(); ++used) {
    const Hash& other = proof[used];
    if (last == 0) return false;
    if (at % 2 == 1 || at == last) {
      old_hash = hasher.node(other, old_hash);
      new_hash = hasher.node(other, new_hash);
      while (at % 2 == 0 && at != 0) {
        at >>= 1U;
        last >>= 1U;
      }
    } else {
      new_hash = hasher.node(new_hash, other);
    }
    at >>= 1U;
    last >>= 1U;
  }
  return last == 0 && crypto::equal(old_hash, from_root) && crypto::equal(new_hash, to_root);
}

}  // namespace mcpauth::audit
