#include "cli/rbac/lint_output.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "cli/frame/output.hpp"
#include "cli/frame/output_file.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"
#include "core/policy/lint/fix/patch.hpp"

namespace mcpauth::cli {
namespace {

constexpr mode_t kReadable = 0644;  // others may read a report

Result<LintOutput> output_of(std::string_view given) {
  const auto colon = given.find(':');
  const auto name = given.substr(0, colon);
  LintOutput out{.format = policy::lint::find_format(name)};
  if (out.format == nullptr) {
    std::vector<std::string_view> known;
    for (const auto& format : policy::lint::formats())
      known.push_back(format.name);
    const auto hint = text::did_you_mean(name, known);
    return Error{.code = Errc::usage,
                 .message = text::format("there is no format `{}`", name),
                 .hint = hint.empty() ? "use one of: " + text::join(known, ", ") : hint};
  }
  if (colon == std::string_view::npos) return out;
  out.file = std::string(given.substr(colon + 1));
  if (out.file->empty()) {
    return Error{.code = Errc::usage,
                 .message = text::format("`{}` names no file", given),
                 .hint = "write it like --format sarif:lint.sarif"};
  }
  if (output_name(*out.file) == "-") out.file.reset();
  return out;
}

mode_t mode_of(const std::filesystem::path& file) {
  struct stat info = {};
  constexpr mode_t kBits = 07777;
  return ::stat(file.c_str(), &info) == 0 ? info.st_mode & kBits : kReadable;
}

std::string at(const policy::Place& place) {
  return text::format("{}:{}:{}", place.file, place.span.line, place.span.column);
}

}  // namespace

Result<std::vector<LintOutput>> lint_outputs(const std::vector<std::string>& given,
                                             const Env& env) {
  std::vector<LintOutput> out;
  for (const auto& one : given) {
    TRY(auto output, output_of(one));
    out.push_back(std::move(output));
  }
  const auto to_stdout = std::ranges::count_if(out, [](const auto& one) { return !one.file; });
  if (to_stdout > 1 || (to_stdout == 1 && env.globals.json && !given.empty())) {
    return Error{.code = Errc::usage,
                 .message = "only one format can go to stdout",
                 .hint = "write the others to files, as in --format sarif:lint.sarif"};
  }
  if (to_stdout == 1) return out;
  out.insert(out.begin(),
             {.format = policy::lint::find_format(env.globals.json ? "json" : "text")});
  const auto* github = policy::lint::find_format("github");
  const bool in_github = env.variable("GITHUB_ACTIONS").value_or("") == "true";
  if (given.empty() && !env.globals.json && in_github && env.globals.output == "-" &&
      github != nullptr) {
    out.push_back({.format = github});
  }
  return out;
}

Result<void> write_outputs(const std::vector<LintOutput>& outputs,
                           const policy::lint::Document& document, Env& env) {
  for (const auto& [format, file] : outputs) {
    const auto text = format->write(document);
    if (!file) {
      env.out << text;
    } else {
      TRY_VOID(write_output(text, *file, {.mode = mode_of(*file)}));
    }
  }
  return {};
}

void print_patch(const Rewrite& rewrite, Env& env) {
  for (const auto& [file, before] : rewrite.before) {
    const auto patch = policy::lint::unified_diff(file, before, rewrite.after.at(file));
    auto lines = text::split(patch, '\n');
    lines.pop_back();  // the empty part after the last line break
    for (const auto line : lines)
      env.out << for_answer(env, line) << '\n';
  }
}

Result<void> write_changed(const Rewrite& rewrite) {
  for (const auto& [file, before] : rewrite.before) {
    const auto& after = rewrite.after.at(file);
    if (after != before) TRY_VOID(write_output(after, file, {.mode = mode_of(file)}));
  }
  return {};
}

void print_fixes(const policy::lint::FixResult& result, bool were_written, Env& env) {
  const std::string_view verb = were_written ? "fixed" : "would fix";
  for (const auto& [rule, place, title, why_not] : result.applied) {
    detail(env, verb, text::format("{} {}: {}", at(place), rule->name, title));
  }
  for (const auto& [rule, place, title, why_not] : result.rejected) {
    note(env, text::format("not fixed {} {}: {}", text::printable(at(place)), rule->name,
                           text::printable(why_not)));
  }
  if (result.applied.empty()) {
    note(env, "nothing could be fixed");
  } else {
    note(env, text::format("{} {}", verb, text::count_of(result.applied.size(), "finding")));
  }
}

}  // namespace mcpauth::cli
