#include "core/policy/lint/lint.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/panic.hpp"
#include "core/policy/lint/fix/fix.hpp"
#include "core/policy/lint/fix/same.hpp"
#include "core/policy/lint/format/formats.hpp"
#include "core/policy/lint/source/formatter.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace mcpauth;

policy::lint::Inputs inputs() {
  policy::lint::Inputs out;
  out.now = Instant(std::chrono::seconds(1'798'761'600));
  out.tools = {{.name = "code/push", .is_destructive = true, .is_open_world = true},
               {.name = "hr/get_employee", .is_read_only = true}};
  out.groups = {"okta:Everyone", "okta:HR"};
  out.locked_tools = {"hr/get_employee"};
  return out;
}

void write_all(const policy::Reading& reading, const policy::lint::Outcome& outcome) {
  const auto* one = &reading;
  const policy::lint::Document document{.readings = {&one, 1},
                                        .findings = outcome.findings,
                                        .counts = outcome.counts,
                                        .notes = outcome.notes,
                                        .now = inputs().now,
                                        .version = "0"};
  for (const auto& format : policy::lint::formats()) {
    const auto text = format.write(document);
    if (!text.empty() && !text.ends_with('\n')) panic("a document without a last line break");
  }
}

void check(const policy::lint::Outcome& outcome, bool has_faults) {
  bool found_fault = false;
  for (const auto& finding : outcome.findings) {
    if (finding.rule == nullptr || finding.message.empty()) panic("a finding that says nothing");
    if (finding.place.file != "fuzz") panic("a finding in no file");
    found_fault = found_fault || finding.is_fault;
  }
  if (found_fault != has_faults) panic("faults and findings do not agree");
}

void fix(const policy::Reading& reading) {
  const auto* one = &reading;
  const auto result = policy::lint::apply_fixes({&one, 1}, inputs(), {}, policy::lint::Unsafe::no);
  const auto& after = result.readings.front();
  if (after.faults.size() > reading.faults.size()) panic("a fix that breaks the policy");
  if (!reading.faults.empty()) return;
  if (policy::lint::compare(reading.policy, after.policy, inputs().now) ==
      policy::lint::Sameness::different) {
    panic("a safe fix that changes what is permitted");
  }
}

void format(std::string_view text) {
  const auto once = policy::lint::formatted(text, "fuzz");
  if (!once) return;
  const auto twice = policy::lint::formatted(*once, "fuzz");
  if (!twice || *twice != *once) panic("formatting twice is not formatting once");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMost = 1 << 16;
  if (size > kMost) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto none = [](const std::filesystem::path&) -> Result<std::string> {
    return Error{.code = Errc::not_found, .message = "no such file"};
  };
  const auto reading = policy::read(text, "fuzz", none);
  const auto outcome =
      policy::lint::lint(reading, inputs(), {.persona = policy::lint::Persona::pedantic});
  check(outcome, !reading.faults.empty());
  write_all(reading, outcome);
  fix(reading);
  format(text);
  return 0;
}
