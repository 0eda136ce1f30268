#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/audit/log/merkle.hpp"
#include "core/base/result.hpp"

namespace mcpauth::audit {

/// The position of a node in the order in which nodes become complete: the first leaf, the second
/// leaf, their parent, the third leaf, ...
std::uint64_t node_position(unsigned level, std::uint64_t index);

/// FILE.tree: every complete node of a log's tree in that order, 32 bytes each. It makes starting,
/// proving and finding a changed line fast. It is not trusted: a reader must check that it leads to
/// a signed root. If it is lost, it is built again from the records.
class TreeFile {
 public:
  enum class For { reading, writing };

  /// For writing, it is created (0600) if it does not exist.
  static Result<TreeFile> open(const std::filesystem::path& path, For purpose);
  TreeFile(TreeFile&& other) noexcept;
  TreeFile& operator=(TreeFile&& other) noexcept;
  ~TreeFile();

  /// How many leaves are in the file together with every node that they complete.
  std::uint64_t leaves() const { return leaves_; }
  Result<Hash> node(unsigned level, std::uint64_t index) const;
  /// The hashes of the leaves [from, to). Reads them at once, so ask for a few thousand.
  Result<std::vector<Hash>> leaf_hashes(std::uint64_t from, std::uint64_t to) const;
  /// The range of the first `size` leaves, from its nodes.
  Result<CompactRange> range(std::uint64_t size) const;

  /// Adds a node, in the order of `node_position`. It is kept in memory until `flush`.
  void put(const Node& node);
  /// Removes everything after the first `leaves`, which must be in the file.
  Result<void> cut(std::uint64_t leaves);
  /// Writes and syncs the nodes that were added.
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
