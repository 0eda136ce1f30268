#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/key_sets.hpp"
#include "cli/frame/output.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/keys/lint.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::string source;
  bool exit_zero = false;
};

std::string place(const keys::Finding& finding) {
  if (!finding.index) return "set";
  const auto number = text::format("key {}", *finding.index + 1);
  if (finding.kid.empty()) return number;
  return text::format("{} ({})", number, text::printable(text::excerpt(finding.kid)));
}

void print_text(const std::vector<keys::Finding>& findings, Env& env) {
  for (const auto& finding : findings) {
    env.out << keys::name(finding.severity) << '[' << finding.rule << "] " << place(finding) << ": "
            << for_reader(finding.message) << '\n';
  }
  if (findings.empty()) env.out << "no findings\n";
}

void print_document(const std::vector<keys::Finding>& findings, Env& env) {
  json::Array list;
  for (const auto& finding : findings) {
    json::Object object{{"rule", finding.rule}, {"severity", keys::name(finding.severity)}};
    if (finding.index) object.set("index", static_cast<std::uint64_t>(*finding.index));
    if (!finding.kid.empty()) object.set("kid", finding.kid);
    object.set("message", text::shortened(finding.message));
    list.emplace_back(std::move(object));
  }
  json::Object summary;
  for (const auto severity :
       {keys::Severity::error, keys::Severity::warning, keys::Severity::info}) {
    const auto count = std::ranges::count(findings, severity, &keys::Finding::severity);
    summary.set(std::string(keys::name(severity)), static_cast<std::int64_t>(count));
  }
  print_json(env, json::Object{{"schema", "mcpauth.jwks.lint/1"},
                               {"findings", std::move(list)},
                               {"summary", std::move(summary)}});
}

Result<Exit> lint(const Options& options, Env& env) {
  TRY(const auto text, key_set_text(options.source, env));
  auto findings = keys::lint(text);
  if (!findings) return std::move(findings).error().context(text::quoted(options.source));
  if (env.globals.json) {
    print_document(*findings, env);
  } else {
    print_text(*findings, env);
  }
  const bool bad = keys::worst(*findings).value_or(keys::Severity::info) > keys::Severity::info;
  return bad && !options.exit_zero ? Exit::no : Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.argument("SRC", "A key set: file, - or URL", options->source).completes = Completes::file;
  spec.flag("--exit-zero", "Exit 0 even with findings", options->exit_zero);
  return [options](Env& env) { return lint(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth jwks lint https://idp.example.com/.well-known/jwks.json", "check a published set"},
    {"mcpauth jwks lint keys.json --json", "check a file before it is published, as JSON"},
};

}  // namespace

extern const Command kJwksLint;
constinit const Command kJwksLint = {
    .path = "jwks lint",
    .summary = "Find what is wrong with a key set",
    .description =
        "Checks a key set before or after it is published. Finds private and symmetric keys, weak "
        "and invalid keys, missing or duplicate kids, algorithms that do not fit their key, and "
        "what else confuses verifiers. Every finding has a severity and the name of its rule. "
        "Exits 1 when a finding is a warning or worse.",
    .examples = kExamples,
    .exits = "0 1 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
