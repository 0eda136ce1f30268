#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/panic.hpp"
#include "core/base/reason.hpp"
#include "core/identity/claims.hpp"
#include "core/identity/directory.hpp"

namespace {

using namespace mcpauth;

void must(bool holds, const char* what) {
  if (!holds) panic(what);
}

void check(const policy::Principal& principal, const identity::Settings& idp) {
  must(!principal.subject.empty() && identity::is_plain(principal.subject), "subject");
  must(!principal.org.empty() && identity::is_plain(principal.org), "org");
  must(principal.groups.size() <= identity::kMaxGroups, "number of groups");
  for (const auto& group : principal.groups) {
    must(group.starts_with(idp.name + ":") && identity::is_plain(group), "group");
  }
  auto groups = principal.groups;
  std::ranges::sort(groups);
  must(std::ranges::adjacent_find(groups) == groups.end(), "a group twice");
}

}  // namespace

// The first byte chooses the preset and where the organisation comes from, the rest are claims.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto claims = json::parse(text_of({data + 1, size - 1}));
  if (!claims) return 0;
  identity::Settings idp;
  idp.name = "idp";
  idp.preset = static_cast<identity::Preset>(data[0] % 7);
  idp.issuer = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0";
  if ((data[0] & 0x80) != 0) {
    idp.org_claim = "org_id";
  } else {
    idp.org_id = "acme";
  }
  const auto principal = identity::to_principal(*claims, idp);
  if (principal) {
    check(*principal, idp);
  } else {
    must(!meaning(principal.error().reason).empty(), "a refusal without a reason");
  }
  return 0;
}
