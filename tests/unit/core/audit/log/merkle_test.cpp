#include "core/audit/log/merkle.hpp"

#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "support/hex.hpp"

namespace mcpauth::audit {
namespace {

/// The leaves and roots that the tests of Certificate Transparency use for RFC 6962.
const std::vector<std::string> kLeaves = {"",
                                          "00",
                                          "10",
                                          "2021",
                                          "3031",
                                          "40414243",
                                          "5051525354555657",
                                          "606162636465666768696a6b6c6d6e6f"};
const std::vector<std::string> kRoots = {
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

Hash hash_of(std::string_view hex) {
  const auto bytes = test::from_hex(hex);
  Hash hash{};
  std::ranges::copy(bytes, hash.begin());
  return hash;
}

/// The definition of RFC 6962 section 2.1, word for word.
Hash naive_root(std::span<const Hash> leaves) {
  TreeHasher hasher;
  if (leaves.empty()) return empty_root();
  if (leaves.size() == 1) return leaves.front();
  std::size_t k = 1;
  while (k * 2 < leaves.size())
    k *= 2;
  return hasher.node(naive_root(leaves.first(k)), naive_root(leaves.subspan(k)));
}

std::vector<Hash> some_leaves(std::size_t count) {
  TreeHasher hasher;
  std::vector<Hash> leaves;
  for (std::size_t i = 0; i < count; ++i)
    leaves.push_back(hasher.leaf("leaf " + std::to_string(i)));
  return leaves;
}

NodeSource nodes_over(const std::vector<Hash>& leaves) {
  return [&leaves](unsigned level, std::uint64_t index) -> Result<Hash> {
    return naive_root(std::span(leaves).subspan(index << level, std::size_t{1} << level));
  };
}

}  // namespace

TEST_CASE("audit/merkle: the roots of RFC 6962's test trees") {
  TreeHasher hasher;
  CompactRange range;
  CHECK(range.root(hasher) == empty_root());
  CHECK(empty_root() ==
        hash_of("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
  for (std::size_t i = 0; i < kLeaves.size(); ++i) {
    const auto leaf = test::from_hex(kLeaves[i]);
    range.append_leaf(hasher.leaf(text_of(leaf)), hasher);
    CAPTURE(i);
    CHECK(range.root(hasher) == hash_of(kRoots[i]));
  }
}

TEST_CASE("audit/merkle: the proofs of RFC 6962's test trees") {
  TreeHasher hasher;
  std::vector<Hash> leaves;
  for (const auto& hex : kLeaves)
    leaves.push_back(hasher.leaf(text_of(test::from_hex(hex))));
  const auto nodes = nodes_over(leaves);
  CHECK(inclusion_proof(0, 1, nodes)->empty());
  CHECK(*inclusion_proof(0, 8, nodes) ==
        std::vector{hash_of("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
                    hash_of("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
                    hash_of("6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")});
  CHECK(*consistency_proof(6, 8, nodes) ==
        std::vector{hash_of("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"),
                    hash_of("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
                    hash_of("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")});
}

TEST_CASE("audit/merkle: a range has the root of the definition at every size") {
  const auto leaves = some_leaves(150);
  TreeHasher hasher;
  CompactRange range;
  for (std::size_t size = 0; size < leaves.size(); ++size) {
    CHECK(range.root(hasher) == naive_root(std::span(leaves).first(size)));
    const auto wanted = range_nodes(size);
    REQUIRE(range.nodes().size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      CHECK(range.nodes()[i].level == wanted[i].level);
      CHECK(range.nodes()[i].index == wanted[i].index);
    }
    range.append_leaf(leaves[size], hasher);
  }
}

TEST_CASE("audit/merkle: ranges put together are the range of all, wherever they are cut") {
  const auto leaves = some_leaves(200);
  TreeHasher hasher;
  std::mt19937_64 random(5);
  for (int round = 0; round < 300; ++round) {
    const std::size_t size = random() % leaves.size();
    CompactRange whole;
    while (whole.end() < size) {
      CompactRange part(whole.end());
      const std::size_t end = std::min<std::size_t>(size, part.end() + random() % 40);
      while (part.end() < end)
        part.append_leaf(leaves[part.end()], hasher);
      whole.append(part, hasher);
    }
    CHECK(whole.root(hasher) == naive_root(std::span(leaves).first(size)));
  }
}

TEST_CASE("audit/merkle: every inclusion proof holds, and no other leaf, place or root") {
  const auto leaves = some_leaves(34);
  const auto nodes = nodes_over(leaves);
  for (std::uint64_t size = 1; size < leaves.size(); ++size) {
    const Hash root = naive_root(std::span(leaves).first(size));
    for (std::uint64_t index = 0; index < size; ++index) {
      auto proof = *inclusion_proof(index, size, nodes);
      CHECK(is_included(leaves[index], index, size, proof, root));
      CHECK_FALSE(is_included(leaves[index + 1], index, size, proof, root));
      CHECK_FALSE(is_included(leaves[index], size, size, proof, root));
      CHECK_FALSE(is_included(leaves[index], index, size, proof, leaves.back()));
      proof.push_back(root);
      CHECK_FALSE(is_included(leaves[index], index, size, proof, root));
      proof.pop_back();
      for (auto& hash : proof) {
        hash[7] ^= 1U;
        CHECK_FALSE(is_included(leaves[index], index, size, proof, root));
        hash[7] ^= 1U;
      }
      if (proof.empty()) continue;
      proof.pop_back();
      CHECK_FALSE(is_included(leaves[index], index, size, proof, root));
    }
  }
}

TEST_CASE("audit/merkle: every consistency proof holds, and no other root") {
  const auto leaves = some_leaves(34);
  const auto nodes = nodes_over(leaves);
  for (std::uint64_t to = 1; to < leaves.size(); ++to) {
    const Hash to_root = naive_root(std::span(leaves).first(to));
    for (std::uint64_t from = 1; from <= to; ++from) {
      const Hash from_root = naive_root(std::span(leaves).first(from));
      auto proof = *consistency_proof(from, to, nodes);
      CHECK(is_consistent(from, from_root, to, to_root, proof));
      CHECK_FALSE(is_consistent(from, leaves.back(), to, to_root, proof));
      CHECK_FALSE(is_consistent(from, from_root, to, leaves.back(), proof));
      CHECK_FALSE(is_consistent(to + 1, from_root, to, to_root, proof));
      for (auto& hash : proof) {
        hash[0] ^= 0x80U;
        CHECK_FALSE(is_consistent(from, from_root, to, to_root, proof));
        hash[0] ^= 0x80U;
      }
      proof.push_back(to_root);
      CHECK_FALSE(is_consistent(from, from_root, to, to_root, proof));
    }
    CHECK(is_consistent(0, empty_root(), to, to_root, {}));
    CHECK_FALSE(is_consistent(0, to_root, to, to_root, {}));
  }
}

}  // namespace mcpauth::audit
