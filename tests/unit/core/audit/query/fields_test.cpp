#include "core/audit/query/fields.hpp"

#include <doctest/doctest.h>

namespace mcpauth::audit::query {

using audit::Field;

TEST_CASE("audit/query/fields: fields by their names and short forms") {
  CHECK(*parse_field("org") == Field::org_id);
  CHECK(*parse_field("tool") == Field::tool);
  const auto unknown = parse_field("tol");
  REQUIRE(!unknown);
  CHECK(unknown.error().code == Errc::usage);
  CHECK(unknown.error().hint == "did you mean `tool`?");
}

}  // namespace mcpauth::audit::query
