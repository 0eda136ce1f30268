#include "cli/frame/report.hpp"

#include <ostream>

#include "cli/frame/output.hpp"
#include "core/codec/format.hpp"
#include "core/codec/json.hpp"
#include "core/codec/style.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

std::string_view code_of(const Error& error) {
  return error.reason.empty() ? name(error.code) : error.reason;
}

json::Value problem_json(const Problem& problem) {
  json::Object out{{"file", problem.file},
                   {"line", problem.line},
                   {"column", problem.column},
                   {"message", text::shortened(problem.message)}};
  if (!problem.hint.empty()) out.set("hint", text::shortened(problem.hint));
  return out;
}

json::Value error_json(const Error& error) {
  json::Object body{{"code", code_of(error)},
                    {"message", text::shortened(error.message)},
                    {"hint", text::shortened(error.hint)}};
  if (!error.why.empty()) body.set("why", text::shortened(error.why));
  if (!error.problems.empty()) {
    json::Array problems;
    for (const auto& problem : error.problems)
      problems.push_back(problem_json(problem));
    body.set("problems", std::move(problems));
  }
  return json::Object{{"schema", "mcpauth.error/1"}, {"error", std::move(body)}};
}

void print(const Error& error, Env& env) {
  const auto label = text::format("error[{}]:", text::printable(code_of(error)));
  env.err << text::styled(label, text::Style::bold_red, env.color_err) << ' ';
  if (error.problems.size() > 1) {
    env.err << error.problems.size() << " problems\n";
    for (const auto& problem : error.problems) {
      env.err << for_reader(problem.text()) << '\n';
      if (!problem.hint.empty()) env.err << "  try: " << for_reader(problem.hint) << '\n';
    }
  } else {
    env.err << for_reader(error.message) << '\n';
  }
  if (!error.why.empty()) env.err << "  why: " << for_reader(error.why) << '\n';
  if (!error.hint.empty() && error.problems.size() <= 1) {
    env.err << "  try: " << for_reader(error.hint) << '\n';
  }
  env.err.flush();
}

}  // namespace

Exit report(const Error& error, bool as_json, Env& env) {
  if (!as_json) {
    print(error, env);
    return exit_for(error.code);
  }
  env.out << json::write(error_json(error)) << '\n';
  env.out.flush();
  if (env.out) return exit_for(error.code);
  print(error, env);
  return Exit::failure;
}

}  // namespace mcpauth::cli
