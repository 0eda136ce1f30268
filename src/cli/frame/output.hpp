#pragma once

#include <string>
#include <string_view>

#include "cli/frame/env.hpp"
#include "core/codec/json.hpp"

namespace mcpauth::cli {

/// The answer under --json: one object on one line. Its first member is "schema".
void print_json(Env& env, const json::Value& document);

/// Text from outside that is the answer itself. It is escaped (text::printable) for a terminal or a
/// CI log, and unchanged for a program and in the file of --output.
std::string for_answer(const Env& env, std::string_view from_outside);

/// A message as a person reads it. Text from outside in it is cut where it is too long to read
/// (text::shortened) and escaped (text::printable). Messages in JSON are cut in the same way.
std::string for_reader(std::string_view message);

/// A remark on stderr; nothing under --quiet. Text from outside in it must be escaped.
void note(Env& env, std::string_view text);

/// A warning on stderr, also under --quiet. Text from outside in it must be escaped.
void warn(Env& env, std::string_view text);

/// A line on stderr under --verbose only: what was decided, and by what, as in "policy:
/// `rbac.toml`, 2 roles". Text from outside is cut and escaped here. It must not contain a secret.
void detail(const Env& env, std::string_view about, std::string_view what);

}  // namespace mcpauth::cli
