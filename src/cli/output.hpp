#pragma once

#include <string_view>

#include "cli/env.hpp"
#include "core/codec/json.hpp"

namespace mcpauth::cli {

/// The answer under --json: one object on one line. Its first member is "schema".
void print_json(Env& env, const json::Value& document);

/// A remark on stderr; not under --quiet. What stands in it from outside must be escaped.
void note(Env& env, std::string_view text);

/// A remark on stderr under --verbose only.
void detail(Env& env, std::string_view text);

}  // namespace mcpauth::cli
