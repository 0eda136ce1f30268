#pragma once

#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/codec/json.hpp"

namespace mcpauth::cli {

/// The answer under --json: one object on one line. Its first member is "schema".
void print_json(Env& env, const json::Value& document);

/// Text from outside as the answer itself: escaped (text::printable) where a terminal or a CI log
/// may read it, untouched for a program and in the file of --output.
std::string for_answer(const Env& env, std::string_view from_outside);

/// A message as a person reads it: what stands in it from outside cut where it is too long to be
/// read (text::shortened) and escaped (text::printable). JSON has it cut in the same way.
std::string for_reader(std::string_view message);

/// A remark on stderr; not under --quiet. What stands in it from outside must be escaped.
void note(Env& env, std::string_view text);

/// A warning on stderr, under --quiet too. What stands in it from outside must be escaped.
void warn(Env& env, std::string_view text);

/// What was decided and by what, as "policy: `rbac.toml`, 2 roles": a line on stderr under
/// --verbose only. What stands in it from outside is cut and escaped here; no secret may.
void detail(const Env& env, std::string_view about, std::string_view what);

}  // namespace mcpauth::cli
