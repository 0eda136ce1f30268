#include "cli/output.hpp"

#include <ostream>

namespace mcpauth::cli {

void print_json(Env& env, const json::Value& document) {
  env.out << json::write(document) << '\n';
}

void note(Env& env, std::string_view text) {
  if (!env.globals.quiet) env.err << text << '\n' << std::flush;
}

void detail(Env& env, std::string_view text) {
  if (env.globals.verbose && !env.globals.quiet) env.err << text << '\n' << std::flush;
}

}  // namespace mcpauth::cli
