#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/key_sets.hpp"
#include "cli/frame/output.hpp"
#include "core/codec/format.hpp"
#include "core/codec/list.hpp"
#include "core/codec/text.hpp"
#include "core/keys/diff.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::string before;
  std::string after;
};

void print_text(const keys::Difference& difference, Env& env) {
  for (const auto& change : difference.changes) {
    const auto& kid = change.kid.empty() ? change.thumbprint : change.kid;
    env.out << keys::name(change.change) << "  " << text::printable(kid);
    if (!change.detail.empty()) env.out << "  " << for_reader(change.detail);
    env.out << '\n';
  }
  if (difference.changes.empty()) {
    env.out << "the same keys\n";
  } else if (difference.dangers.empty()) {
    env.out << text::format("safe: {} {} in both sets\n", text::count_of(difference.kept, "key"),
                            difference.kept == 1 ? "is" : "are");
  }
  for (const auto& danger : difference.dangers) {
    env.out << "not safe: " << for_reader(danger) << '\n';
  }
}

void print_document(const keys::Difference& difference, Env& env) {
  json::Array changes;
  for (const auto& change : difference.changes) {
    json::Object object{{"change", keys::name(change.change)},
                        {"kid", change.kid},
                        {"thumbprint", change.thumbprint}};
    if (!change.detail.empty()) object.set("detail", change.detail);
    changes.emplace_back(std::move(object));
  }
  const auto& dangers = difference.dangers;
  print_json(env, json::Object{{"schema", "mcpauth.jwks.diff/1"},
                               {"same", difference.changes.empty()},
                               {"safe", dangers.empty()},
                               {"kept", static_cast<std::uint64_t>(difference.kept)},
                               {"changes", std::move(changes)},
                               {"dangers", json::Array(dangers.begin(), dangers.end())}});
}

Result<Exit> diff(const Options& options, Env& env) {
  TRY(const auto before, read_key_set(options.before, env));
  TRY(const auto after, read_key_set(options.after, env));
  const auto difference = keys::compare(before, after);
  if (env.globals.json) {
    print_document(difference, env);
  } else {
    print_text(difference, env);
  }
  return difference.changes.empty() ? Exit::ok : Exit::no;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.argument("OLD", "The key set before: file, - or URL", options->before).completes =
      Completes::file;
  spec.argument("NEW", "The key set after", options->after).completes = Completes::file;
  return [options](Env& env) { return diff(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth jwks diff yesterday.json https://idp.example.com/jwks",
     "what an IdP has changed since then"},
    {"mcpauth jwks diff old.json new.json --json", "compare two files, for a program"},
};

}  // namespace

extern const Command kJwksDiff;
constinit const Command kJwksDiff = {
    .path = "jwks diff",
    .summary = "Compare two key sets, and say whether the change was safe",
    .description =
        "Lists the keys that were added, removed or changed between two key sets, and says whether "
        "that was a safe step of a rotation: at least one key is in both sets, and no kid names a "
        "different key than before. Exits 0 when the sets hold the same keys, else 1.",
    .examples = kExamples,
    .exits = "0 1 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
