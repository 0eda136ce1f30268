#include "core/policy/lint/baseline.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr std::string_view kSchema = "mcpauth.rbac.baseline/1";

/// "./rbac.toml" and "rbac.toml" are one file.
std::string plain(std::string_view file) {
  return std::filesystem::path(file).lexically_normal().string();
}

std::string key_of(std::string_view rule, std::string_view file, std::string_view path) {
  // Unit separators: neither the name of a rule nor a TOML file may hold one.
  return text::format("{}\x1F{}\x1F{}", rule, plain(file), path);
}

std::string key_of(const Known& known) {
  return key_of(known.rule, known.file, known.path);
}

std::string key_of(const Finding& finding) {
  return key_of(finding.rule->name, finding.place.file,
                finding.path.empty() ? finding.message : finding.path);
}

Error bad_baseline(std::string_view file, std::string_view message) {
  return {.code = Errc::config,
          .message = text::format("`{}` is not a baseline: {}", file, message),
          .hint = "write a new one with --update-baseline"};
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
    return bad_baseline(file, "each finding needs the strings rule, file, path and first_seen");
  }
  const auto day = time::parse_instant(*seen, Instant{});
  if (!day) return bad_baseline(file, text::format("`{}` is not a date", *seen));
  const auto* count = value.find("count");
  const auto number = count == nullptr ? std::optional<std::int64_t>(1) : count->integer();
  if (!number || *number < 1) {
    return bad_baseline(file, "a count is not a positive number");
  }
  return Known{.rule = *rule,
               .file = *of,
               .path = *path,
               .first_seen = *day,
               .count = static_cast<std::size_t>(*number)};
}

}  // namespace

std::string fingerprint(const Finding& finding) {
  const auto& path = finding.path.empty() ? finding.message : finding.path;
  return text::format("{} {} {}", finding.rule->name, plain(finding.place.file), path);
}

std::size_t Baseline::apply(std::span<Finding> findings,
                            std::span<const std::string_view> files) const {
  struct Use {
    std::size_t left = 0;
    bool is_used = false;
  };
  std::unordered_map<std::string, Use> uses;
  for (const auto& entry : known)
    uses.try_emplace(key_of(entry), Use{.left = entry.count});
  for (auto& finding : findings) {
    if (finding.is_fault || finding.suppressed) continue;
    const auto entry = uses.find(key_of(finding));
    if (entry == uses.end() || entry->second.left == 0) continue;
    --entry->second.left;
    entry->second.is_used = true;
    finding.is_in_baseline = true;
  }
  std::unordered_set<std::string> looked_at;
  for (const auto file_of : files)
    looked_at.insert(plain(file_of));
  return static_cast<std::size_t>(std::ranges::count_if(known, [&](const Known& entry) {
    return looked_at.contains(plain(entry.file)) && !uses.at(key_of(entry)).is_used;
  }));
}

Result<Baseline> parse_baseline(std::string_view text, std::string_view file) {
  const json::Limits limits{.bytes = 64 << 20, .depth = 8, .values = 4'000'000};
  auto document = json::parse(text, limits);
  if (!document) return bad_baseline(file, document.error().message);
  const auto* schema = document->find("schema");
  if (schema == nullptr || schema->string() == nullptr || *schema->string() != kSchema) {
    return bad_baseline(file, text::format("its schema is not {}", kSchema));
  }
  const auto* list = document->find("findings");
  if (list == nullptr || list->array() == nullptr)
    return bad_baseline(file, "it has no list `findings`");
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
  struct Entry {
    const Finding* first = nullptr;
    std::int64_t count = 0;
  };
  std::map<std::string, Entry> entries;  // sorted, so that version control shows only real changes
  for (const auto& finding : findings) {
    if (finding.is_fault || finding.suppressed) continue;
    auto& entry = entries[key_of(finding)];
    if (entry.count++ == 0) entry.first = &finding;
  }
  json::Array list;
  for (const auto& [key, entry] : entries) {
    const auto& [finding, count] = entry;
    const auto first = seen.find(key);
    const auto day = time::format_instant(first == seen.end() ? now : first->second);
    json::Object object{{"rule", finding->rule->name},
                        {"file", plain(finding->place.file)},
                        {"path", finding->path.empty() ? finding->message : finding->path},
                        {"first_seen", day.substr(0, day.find('T'))}};
    if (count > 1) object.set("count", count);
    list.emplace_back(std::move(object));
  }
  return json::write_pretty(json::Object{{"schema", kSchema}, {"findings", std::move(list)}}) +
         "\n";
}

}  // namespace mcpauth::policy::lint
