#include <array>

#include "core/config/read.hpp"

namespace mcpauth::config {
namespace {

constexpr std::uint64_t kLeastSegment = 1'000'000;  // smaller ones would make too many files
constexpr std::chrono::hours kLongest{24 * 366};

struct Choice {
  std::string_view name;
  audit::Durability durability;
};

constexpr std::array<Choice, 3> kDurabilities = {{{"each", audit::Durability::each},
                                                  {"group", audit::Durability::group},
                                                  {"os", audit::Durability::os}}};

std::optional<Complaint> origin_form(std::string_view value) {
  if (audit::is_key_name(value)) return std::nullopt;
  return Complaint{"cannot name a log",
                   "write it like `example.com/mcp-audit`, without spaces and plus signs"};
}

std::optional<Complaint> durability_form(std::string_view value) {
  for (const auto& choice : kDurabilities) {
    if (choice.name == value) return std::nullopt;
  }
  return Complaint{"is not one of `each`, `group` and `os`", {}};
}

audit::Durability durability_named(std::string_view name) {
  for (const auto& choice : kDurabilities) {
    if (choice.name == name) return choice.durability;
  }
  return audit::Durability::group;
}

}  // namespace

Audit read_audit(const Section& section) {
  static constexpr std::string_view kKeys[] = {
      "file", "key", "origin", "durability", "checkpoint_every", "rotate_size", "rotate_every"};
  Reader reader(section, kKeys);
  using std::chrono::seconds;
  Audit audit;
  audit.file = reader.path("file", Need::required);
  audit.keys = reader.references("key");
  audit.origin = reader.text("origin", Need::optional, origin_form);
  audit.durability = durability_named(reader.text_or("durability", "group", durability_form));
  audit.checkpoint_every =
      reader.duration_or("checkpoint_every", audit.checkpoint_every, seconds(1), kLongest);
  audit.rotate_size = reader.size_or("rotate_size", 0, kLeastSegment);
  if (reader.has("rotate_every")) {
    audit.rotate_every =
        reader.duration_or("rotate_every", seconds(0), std::chrono::minutes(1), kLongest);
  }
  return audit;
}

}  // namespace mcpauth::config
