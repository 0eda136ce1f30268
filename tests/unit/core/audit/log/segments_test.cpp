#include "core/audit/log/segments.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/audit/log/seek.hpp"
#include "core/audit/log/tree_file.hpp"
#include "support/audit_log.hpp"

namespace mcpauth::audit {
namespace {

namespace fs = std::filesystem;
using test::audit_record;
using test::kAuditTime;

std::string lines(std::uint64_t from, std::uint64_t to) {
  std::string text;
  for (std::uint64_t seq = from; seq < to; ++seq)
    text += to_line(audit_record(std::string(seq % 50, 'n')), seq, kAuditTime) + "\n";
  return text;
}

}  // namespace

TEST_CASE("audit/segments: ours, logrotate's, and nothing that lies beside them") {
  const test::TempDir dir;
  const auto log = dir.write("log", lines(9, 10));
  dir.write("log.000000000000", lines(0, 2));
  dir.write("log.1", lines(5, 9));
  dir.write("log-20270101", lines(2, 5));
  dir.write("log.000000000000.checkpoint", "x\n");
  dir.write("log.2.gz", "\x1f\x8b");
  dir.write("log.checkpoint", lines(0, 1));
  dir.write("log.tree", lines(0, 1));
  dir.write("logs", lines(0, 1));
  dir.write("other", lines(0, 1));
  const auto segments = find_segments(log);
  REQUIRE(segments);
  std::vector<std::string> names;
  for (const auto& segment : *segments)
    names.push_back(segment.path.filename());
  CHECK(names == std::vector<std::string>{"log.000000000000", "log-20270101", "log.1", "log"});
  CHECK((*segments)[3].first_seq == 9);
  CHECK(closed_name("log", 42) == "log.000000000042");
}

TEST_CASE("audit/segments: a file whose first line was changed keeps its place by its name") {
  const test::TempDir dir;
  const auto log = dir.write("log", "");
  dir.write("log.000000000002", "changed\n");
  dir.write("log.000000000000", lines(0, 2));
  const auto segments = find_segments(log);
  REQUIRE(segments->size() == 3);
  CHECK((*segments)[1].path.filename() == "log.000000000002");
  CHECK_FALSE((*segments)[1].first_seq);
  CHECK((*segments)[2].path == log);
}

TEST_CASE("audit/seek: finds every record, and the end for those that are not there") {
  const test::TempDir dir;
  const auto text = lines(100, 180);
  const Segment segment{.path = dir.write("log", text), .first_seq = 100, .bytes = text.size()};
  for (std::uint64_t seq = 100; seq < 180; ++seq)
    CHECK(*offset_of_seq(segment, seq) == text.find("{\"seq\":" + std::to_string(seq) + ","));
  CHECK(*offset_of_seq(segment, 3) == 0);
  CHECK(*offset_of_seq(segment, 180) == text.size());
  CHECK(*offset_of_seq({.path = dir.write("empty", ""), .first_seq = {}, .bytes = 0}, 1) == 0);
}

TEST_CASE("audit/tree_file: nodes stand in the order in which they become whole") {
  std::uint64_t next = 0;
  TreeHasher hasher;
  CompactRange range;
  for (std::uint64_t leaf = 0; leaf < 1000; ++leaf) {
    range.append({0, leaf, {}}, hasher, [&next](const Node& node) {
      CHECK(node_position(node.level, node.index) == next);
      ++next;
    });
  }
}

TEST_CASE("audit/tree_file: what was put is there again, and a cut file counts whole leaves only") {
  const test::TempDir dir;
  const auto path = dir / "tree";
  TreeHasher hasher;
  CompactRange range;
  std::vector<Hash> leaves;
  {
    auto tree = TreeFile::open(path, TreeFile::For::writing);
    REQUIRE(tree);
    for (int i = 0; i < 100; ++i) {
      leaves.push_back(hasher.leaf(std::to_string(i)));
      range.append({0, range.end(), leaves.back()}, hasher,
                   [&tree](const Node& node) { tree->put(node); });
      if (i == 60) REQUIRE(tree->flush());
    }
    CHECK(tree->range(100)->root(hasher) == range.root(hasher));
    REQUIRE(tree->flush());
  }
  const auto tree = TreeFile::open(path, TreeFile::For::reading);
  REQUIRE(tree);
  CHECK(tree->leaves() == 100);
  CHECK(tree->range(100)->root(hasher) == range.root(hasher));
  CHECK(*tree->leaf_hashes(3, 77) == std::vector(leaves.begin() + 3, leaves.begin() + 77));
  for (std::uintmax_t bytes = fs::file_size(path); bytes > 40; bytes -= 40) {
    fs::resize_file(path, bytes);
    const auto cut = TreeFile::open(path, TreeFile::For::reading);
    REQUIRE(cut);
    const auto size = cut->leaves();
    CompactRange expected;
    for (std::uint64_t i = 0; i < size; ++i)
      expected.append_leaf(leaves[i], hasher);
    CHECK(cut->range(size)->root(hasher) == expected.root(hasher));
  }
}

}  // namespace mcpauth::audit
