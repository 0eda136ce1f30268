#include "core/lint/baseline.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "core/codec/json.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::lint {
namespace {

constexpr std::string_view kSchema = "mcpauth.rbac.baseline/1";

/// "./rbac.toml" and "rbac.toml" are one file.
std::string plain(std::string_view file) {
  return std::filesystem::path(file).lexically_normal().string();
}

std::string key_of(std::string_view rule, std::string_view file, std::string_view path) {
  // Unit separators, which no rule has and no TOML file may hold.
  return std::string(rule) + '\x1F' + plain(file) + '\x1F' + std::string(path);
}

std::string key_of(const Known& known) {
  return key_of(known.rule, known.file, known.path);
}

std::string key_of(const Finding& finding) {
  return key_of(finding.rule->name, finding.place.file,
                finding.path.empty() ? finding.message : finding.path);
}

Error bad(std::string_view file, std::string message) {
  return {.code = Errc::config,
          .message = "`" + std::string(file) + "` is no baseline: " + std::move(message),
          .hint = "write it anew with --update-baseline"};
}

Result<Known> known_of(const json::Value& value, std::string_view file) {
  const auto text = [&](std::string_view name) -> const std::string* {
    const auto* member = value.find(name);
    return member == nullptr ? nullptr : member->string();
  };
  const auto* rule = text("rule");
  const auto* of = text("file");
  const auto* path = text("path");
  const auto* seen = text("first_seen");
  if (rule == nullptr || of == nullptr || path == nullptr || seen == nullptr) {
    return bad(file, "each finding needs the strings rule, file, path and first_seen");
  }
  const auto day = time::parse_instant(*seen, Instant{});
  if (!day) return bad(file, "`" + *seen + "` is no day");
  return Known{.rule = *rule, .file = *of, .path = *path, .first_seen = *day};
}

}  // namespace

std::string fingerprint(const Finding& finding) {
  const auto& path = finding.path.empty() ? finding.message : finding.path;
  return std::string(finding.rule->name) + " " + plain(finding.place.file) + " " + path;
}

std::size_t Baseline::apply(std::span<Finding> findings,
                            std::span<const std::string_view> files) const {
  std::unordered_map<std::string, bool> is_used;
  for (const auto& entry : known)
    is_used.try_emplace(key_of(entry), false);
  for (auto& finding : findings) {
    if (finding.is_fault || finding.suppressed) continue;
    const auto entry = is_used.find(key_of(finding));
    if (entry == is_used.end()) continue;
    entry->second = true;
    finding.is_in_baseline = true;
  }
  std::unordered_set<std::string> looked_at;
  for (const auto file_of : files)
    looked_at.insert(plain(file_of));
  return static_cast<std::size_t>(std::ranges::count_if(known, [&](const Known& entry) {
    return looked_at.contains(plain(entry.file)) && !is_used.at(key_of(entry));
  }));
}

Result<Baseline> parse_baseline(std::string_view text, std::string_view file) {
  const json::Limits limits{.bytes = 64 << 20, .depth = 8, .values = 4'000'000};
  auto document = json::parse(text, limits);
  if (!document) return bad(file, document.error().message);
  const auto* schema = document->find("schema");
  if (schema == nullptr || schema->string() == nullptr || *schema->string() != kSchema) {
    return bad(file, "its schema is not " + std::string(kSchema));
  }
  const auto* list = document->find("findings");
  if (list == nullptr || list->array() == nullptr) return bad(file, "it has no list `findings`");
  Baseline out{.file = std::string(file), .known = {}};
  out.known.reserve(list->array()->size());
  for (const auto& item : *list->array()) {
    TRY(auto known, known_of(item, file));
    out.known.push_back(std::move(known));
  }
  return out;
}

std::string write_baseline(std::span<const Finding> findings, const Baseline& before, Instant now) {
  std::unordered_map<std::string, Instant> seen;
  for (const auto& entry : before.known)
    seen.try_emplace(key_of(entry), entry.first_seen);
  std::map<std::string, json::Value> entries;  // sorted, so that a change shows as a change
  for (const auto& finding : findings) {
    if (finding.is_fault || finding.suppressed) continue;
    const auto key = key_of(finding);
    const auto first = seen.find(key);
    const auto day = time::format_instant(first == seen.end() ? now : first->second);
    entries.try_emplace(
        key, json::Object{{"rule", finding.rule->name},
                          {"file", plain(finding.place.file)},
                          {"path", finding.path.empty() ? finding.message : finding.path},
                          {"first_seen", day.substr(0, day.find('T'))}});
  }
  json::Array list;
  for (auto& [key, entry] : entries)
    list.push_back(std::move(entry));
  return json::write_pretty(json::Object{{"schema", kSchema}, {"findings", std::move(list)}}) +
         "\n";
}

}  // namespace mcpauth::lint
