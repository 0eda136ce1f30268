#include "core/audit/log/leaf.hpp"

#include "core/audit/log/checkpoint.hpp"

namespace mcpauth::audit {
namespace {

constexpr std::string_view kStart = "{\"leaf\":\"";
constexpr std::size_t kHashText = 44;

}  // namespace

std::optional<Hash> original_leaf(const LineView& record) {
  const auto object = record.redacted();
  if (!object.starts_with(kStart)) return std::nullopt;
  return hash_from_base64(object.substr(kStart.size(), kHashText));
}

Hash leaf_of(std::string_view line, TreeHasher& hasher) {
  // Only a redacted record ends with two braces. Every other line need not be parsed.
  if (line.ends_with("}}")) {
    if (const auto record = LineView::of(line)) {
      if (const auto leaf = original_leaf(*record)) return *leaf;
    }
  }
  return hasher.leaf(line);
}

}  // namespace mcpauth::audit
