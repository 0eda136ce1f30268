#include "cli/audit/keys.hpp"

#include <iterator>

#include "core/audit/log/log_keys.hpp"
#include "core/audit/log/segments.hpp"
#include "core/base/file.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

constexpr std::size_t kMaxFile = 65536;

/// Parses a vkey, or reads the file of that name.
Result<std::vector<audit::NoteVerifier>> read_one(const std::string& given) {
  auto key = audit::NoteVerifier::parse(given);
  if (key) return std::vector{*std::move(key)};
  const auto text = read_file(given, kMaxFile);
  if (!text) {
    if (given.find('+') != std::string::npos) return std::move(key).error();
    return text.error();
  }
  auto keys = audit::verifiers_from(*text);
  if (!keys) return std::move(keys).error().context(text::quoted(given));
  return keys;
}

}  // namespace

Result<Verifiers> verifiers_of(const std::vector<std::string>& given,
                               const std::filesystem::path& log) {
  Verifiers verifiers;
  for (const auto& each : given) {
    TRY(auto keys, read_one(each));
    std::ranges::move(keys, std::back_inserter(verifiers.keys));
  }
  if (!given.empty()) return verifiers;
  const auto path = audit::beside(log, "vkey");
  const auto text = audit::read_beside(path);
  if (!text) return verifiers;
  auto keys = audit::verifiers_from(*text);
  if (!keys) return std::move(keys).error().context(text::quoted(path.string()));
  verifiers.keys = *std::move(keys);
  verifiers.beside_log = true;
  return verifiers;
}

}  // namespace mcpauth::cli
