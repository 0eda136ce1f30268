#include "core/audit/query/fields.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/number.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::audit::query {
namespace {

constexpr auto kNames = [] {
  std::array<std::string_view, audit::kFieldNames.size() + 2> names{};
  std::ranges::copy(audit::kFieldNames, names.begin());
  names[audit::kFieldNames.size()] = "latency";
  names[audit::kFieldNames.size() + 1] = "scope";
  return names;
}();

}  // namespace

std::optional<audit::Field> field_of(std::string_view name) {
  if (name == "latency") return audit::Field::latency_us;
  if (name == "scope") return audit::Field::scopes;
  if (name == "org") return audit::Field::org_id;
  if (name == "client") return audit::Field::client_id;
  return audit::field_named(name);
}

Result<audit::Field> parse_field(std::string_view name) {
  if (const auto field = field_of(name)) return *field;
  return Error{.code = Errc::usage,
               .message = text::format("no record has a field `{}`", name),
               .hint = field_hint(name)};
}

std::string field_hint(std::string_view name) {
  const auto suggestion = text::did_you_mean(name, kNames);
  return suggestion.empty() ? text::format("the fields are {}", text::join(kNames, ", "))
                            : suggestion;
}

std::optional<Instant> plain_instant(std::string_view text) {
  namespace chrono = std::chrono;
  constexpr std::string_view kForm = "....-..-..T..:..:..Z";
  if (text.size() != kForm.size()) return std::nullopt;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] != '.' && text[i] != kForm[i]) return std::nullopt;
  }
  constexpr std::array<std::pair<std::size_t, std::size_t>, 6> kParts = {
      {{0, 4}, {5, 2}, {8, 2}, {11, 2}, {14, 2}, {17, 2}}};
  std::array<int, 6> part{};
  for (std::size_t i = 0; i < part.size(); ++i) {
    const auto value = parse_number<int>(text.substr(kParts[i].first, kParts[i].second));
    if (!value) return std::nullopt;
    part[i] = *value;
  }
  const auto date = chrono::year(part[0]) / part[1] / part[2];
  if (!date.ok() || part[3] > 23 || part[4] > 59 || part[5] > 59) return std::nullopt;
  return chrono::sys_days(date) + chrono::hours(part[3]) + chrono::minutes(part[4]) +
         chrono::seconds(part[5]);
}

std::optional<Instant> ts_of(std::string_view line) {
  constexpr std::string_view kSeq = "{\"seq\":";
  constexpr std::string_view kTs = ",\"ts\":\"";
  if (!line.starts_with(kSeq)) return std::nullopt;
  const std::size_t comma =
      std::min(line.find_first_not_of("0123456789", kSeq.size()), line.size());
  const auto rest = line.substr(comma);
  if (!rest.starts_with(kTs)) return std::nullopt;
  const auto text = rest.substr(kTs.size(), rest.substr(kTs.size()).find('"'));
  if (const auto plain = plain_instant(text)) return plain;
  const auto other = time::parse_instant(text, Instant{});
  return other ? std::optional<Instant>(*other) : std::nullopt;
}

}  // namespace mcpauth::audit::query
