#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/crypto/digest.hpp"

namespace mcpauth::audit {

using Hash = crypto::Digest256;

/// The hashes of leaves and nodes (RFC 6962 section 2.1). It reuses one OpenSSL context, so only
/// one thread may use it at a time.
class TreeHasher {
 public:
  /// SHA-256(0x00 || record), the record without its newline.
  Hash leaf(std::string_view record);
  /// SHA-256(0x01 || left || right).
  Hash node(const Hash& left, const Hash& right);

 private:
  crypto::Sha256 sha_;
};

/// The root of the tree without leaves: SHA-256 of the empty string.
Hash empty_root();

/// A node of the tree: it covers the leaves [index << level, (index + 1) << level).
struct Node {
  unsigned level = 0;
  std::uint64_t index = 0;
  Hash hash = {};
};

/// The fewest complete subtrees that cover the leaves [begin, end): at most two per level, so a few
/// dozen hashes represent a tree of any size. Leaves, or the range that follows, can be appended.
class CompactRange {
 public:
  explicit CompactRange(std::uint64_t begin = 0) : begin_(begin), end_(begin) {}

  std::uint64_t begin() const { return begin_; }
  std::uint64_t end() const { return end_; }
  const std::vector<Node>& nodes() const { return nodes_; }

  void append_leaf(const Hash& leaf, TreeHasher& hasher) { append({0, end_, leaf}, hasher); }
  /// `next` must begin where this ends.
  void append(const CompactRange& next, TreeHasher& hasher);
  /// Appends a node whose first leaf is `end()`. Calls `made`, if given, with each node that is
  /// complete from now on: this one and its ancestors.
  void append(const Node& node, TreeHasher& hasher,
              const std::function<void(const Node&)>& made = {});
  /// The root of the tree over the leaves so far. `begin()` must be 0.
  Hash root(TreeHasher& hasher) const;

 private:
  std::uint64_t begin_;
  std::uint64_t end_;
  std::vector<Node> nodes_;
};

/// The levels and indexes of the complete subtrees that cover the leaves [0, size), without hashes.
std::vector<Node> range_nodes(std::uint64_t size);

/// Returns the hash of a complete node.
using NodeSource = std::function<Result<Hash>(unsigned level, std::uint64_t index)>;

/// RFC 6962 section 2.1.1: the path from leaf `index` to the root of the tree of `size` leaves.
/// `index` must be below `size`.
Result<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                          const NodeSource& nodes);
/// RFC 6962 section 2.1.2: proves that the tree of `to` leaves begins with the tree of `from`
/// leaves. `from` must be at most `to` and not 0.
Result<std::vector<Hash>> consistency_proof(std::uint64_t from, std::uint64_t to,
                                            const NodeSource& nodes);

/// RFC 9162 section 2.1.3.2.
bool is_included(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                 std::span<const Hash> proof, const Hash& root);
/// RFC 9162 section 2.1.4.2. The empty tree is consistent with every tree, with an empty proof.
bool is_consistent(std::uint64_t from, const Hash& from_root, std::uint64_t to, const Hash& to_root,
                   std::span<const Hash> proof);

}  // namespace mcpauth::audit
