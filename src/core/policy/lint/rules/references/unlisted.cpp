#include "core/policy/lint/rules/references/unlisted.hpp"

#include <utility>

#include "core/codec/format.hpp"
#include "core/codec/json.hpp"

namespace mcpauth::policy::lint {

void report_unlisted(Unlisted unlisted, KnownNames& known, Findings& findings) {
  auto& finding = findings.add(unlisted.rule, unlisted.text.place, std::move(unlisted.message));
  finding.path = std::move(unlisted.path);
  if (const auto near = known.nearest(unlisted.text.value)) {
    finding.hint = text::format("did you mean `{}`?", *near);
    finding.fix =
        Fix{text::format("write `{}`", *near), {{unlisted.text.place, json::quote(*near)}}};
  } else {
    finding.hint = std::move(unlisted.otherwise);
  }
}

}  // namespace mcpauth::policy::lint
