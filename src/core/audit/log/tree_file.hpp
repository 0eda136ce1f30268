#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/audit/log/merkle.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// Where a node stands among all nodes in the order in which they become whole: the first leaf, the
/// second, their parent, the third leaf, ...
std::uint64_t node_position(unsigned level, std::uint64_t index);

/// FILE.tree: every whole node of a log's tree, 32 bytes each, in that order. It makes starting,
/// proving and finding a changed line quick. It proves nothing by itself: whoever reads it checks
/// that it comes to a root that is signed. Lost, it is made anew from the records.
class TreeFile {
 public:
  enum class For { reading, writing };

  /// For writing it is made (0600) where it is not there.
  static Result<TreeFile> open(const std::filesystem::path& path, For purpose);
  TreeFile(TreeFile&& other) noexcept;
  TreeFile& operator=(TreeFile&& other) noexcept;
  ~TreeFile();

  /// How many leaves are in the file with all that belongs to them.
  std::uint64_t leaves() const { return leaves_; }
  Result<Hash> node(unsigned level, std::uint64_t index) const;
  /// The hashes of the leaves [from, to), 64 KiB of leaves at most at once.
  Result<std::vector<Hash>> leaf_hashes(std::uint64_t from, std::uint64_t to) const;
  /// The range of the first `size` leaves, from its nodes.
  Result<CompactRange> range(std::uint64_t size) const;

  /// Takes a node that became whole, in the order of `node_position`. Kept until `flush`.
  void put(const Node& node);
  /// Forgets what is behind the first `leaves`, which the file must hold.
  Result<void> cut(std::uint64_t leaves);
  /// What was put is on disk afterwards.
  Result<void> flush();

 private:
  TreeFile(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}
  Error failure(std::string_view doing) const;

  int fd_;
  std::filesystem::path path_;
  std::uint64_t leaves_ = 0;
  std::uint64_t flushed_ = 0;  ///< nodes in the file
  std::string pending_;
};

}  // namespace mcpauth::audit
