#pragma once

#include <chrono>
#include <string>

#include "core/audit/log/record.hpp"
#include "support/cli.hpp"
#include "support/temp_dir.hpp"

namespace mcpauth::test {

/// A log of a few records, an hour apart: two that were allowed with their intents, three denials,
/// and an intent without an outcome.
struct AuditLogFixture {
  TempDir dir;
  World world;
  std::string file;
  std::string text;
  std::uint64_t seq = 0;

  explicit AuditLogFixture(const std::string& who = "alice") {
    for (const auto* id : {"1", "2"}) {
      add({.id = id,
           .request_id = "r",
           .event = "mint",
           .phase = audit::Phase::intent,
           .decision = "allow"},
          who);
      add({.id = id,
           .request_id = "r",
           .event = "mint",
           .scopes = {"hr:read", "hr:list"},
           .decision = "allow",
           .reason = "granted",
           .latency = std::chrono::microseconds(1500)},
          who);
    }
    for (const auto* id : {"3", "4", "5"})
      add({.id = id, .request_id = "r", .event = "mint", .decision = "deny", .reason = "no-grant"},
          who);
    add({.id = "6",
         .request_id = "r",
         .event = "mint",
         .phase = audit::Phase::intent,
         .decision = "allow"},
        who);
    file = dir.write("audit.log", text).string();
  }

  void add(audit::Record record, const std::string& who) {
    record.org_id = "acme";
    record.sub = who;
    record.tool = "hr/get";
    constexpr Instant kFirst{std::chrono::seconds(1'800'000'000)};  // 2027-01-15T08:00:00Z
    text += audit::to_line(record, seq, kFirst + std::chrono::hours(seq)) + "\n";
    ++seq;
  }

  Run run(std::vector<std::string> args) {
    args.insert(args.begin(), "audit");
    args.insert(args.begin() + 2, file);
    return mcpauth(args, world);
  }
};

inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace mcpauth::test
