#include "core/audit/log/seal_check.hpp"

#include <array>
#include <utility>

#include "core/audit/log/leaf.hpp"
#include "core/audit/log/segments.hpp"

namespace mcpauth::audit {
namespace {

constexpr std::array<std::string_view, 5> kMarkNames = {"sealed", "redacted", "unsealed", "changed",
                                                        "unknown"};

}  // namespace

std::string_view name(Mark mark) {
  return kMarkNames[static_cast<std::size_t>(mark)];
}

SealCheck::SealCheck(std::filesystem::path log, std::vector<NoteVerifier> verifiers)
    : log_(std::move(log)), verifiers_(std::move(verifiers)) {
  read_checkpoint();
}

void SealCheck::read_checkpoint() {
  auto found = read_signed_checkpoint(beside(log_, "checkpoint"));
  if (!found || judge(found->note, verifiers_) != Trust::good) return;
  if (sealed_ && found->checkpoint == *sealed_) return;
  // The writer appends to the tree before it signs, so the tree covers this checkpoint.
  auto tree = TreeFile::open(beside(log_, "tree"), TreeFile::For::reading);
  if (!tree || tree->leaves() < found->checkpoint.size) return;
  sealed_ = std::move(found->checkpoint);
  tree_ = *std::move(tree);
}

Mark SealCheck::mark(const LineView& record) {
  if (!sealed_ || record.seq() >= sealed_->size) read_checkpoint();
  if (!sealed_) return Mark::unknown;
  if (record.seq() >= sealed_->size) return Mark::unsealed;
  const NodeSource nodes = [this](unsigned level, std::uint64_t index) {
    return tree_->node(level, index);
  };
  const auto path = inclusion_proof(record.seq(), sealed_->size, nodes);
  const auto node = tree_->node(0, record.seq());
  // A tree that does not lead to the signed root proves nothing about the record.
  if (!path || !node || !is_included(*node, record.seq(), sealed_->size, *path, sealed_->root)) {
    return Mark::unknown;
  }
  if (leaf_of(record.line(), hasher_) != *node) return Mark::changed;
  return record.redacted().empty() ? Mark::sealed : Mark::redacted;
}

}  // namespace mcpauth::audit
