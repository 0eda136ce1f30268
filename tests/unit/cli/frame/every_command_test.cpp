// What must hold for every command, also for new ones.
#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "cli/frame/commands.hpp"
#include "cli/frame/completion.hpp"
#include "cli/frame/globals.hpp"
#include "cli/frame/manual.hpp"
#include "core/codec/json.hpp"
#include "core/codec/text.hpp"
#include "support/cli.hpp"

namespace mcpauth::test {
namespace {

using Words = std::vector<std::string>;

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

Words words_of(const cli::Command& command) {
  Words words;
  for (const auto word : text::split(command.path, ' '))
    words.emplace_back(word);
  return words;
}

Run with(const cli::Command& command, const Words& more) {
  auto words = words_of(command);
  words.insert(words.end(), more.begin(), more.end());
  return mcpauth(words);
}

cli::Bound bound(const cli::Command& command) {
  cli::Bound out{.command = &command};
  const cli::Action unused = command.bind(out.spec);
  return out;
}

}  // namespace

TEST_CASE("cli/every command: help is on stdout with usage, examples and exit statuses") {
  REQUIRE(cli::commands().size() > 3);
  for (const auto* command : cli::commands()) {
    CAPTURE(command->path);
    const auto run = with(*command, {"--help"});
    CHECK(run.status == 0);
    CHECK(run.err.empty());
    for (const std::string_view part : {"Usage:", "Examples:", "Exit status:"}) {
      CHECK(has(run.out, part));
    }
    for (const auto line : text::split(run.out, '\n')) {
      const bool example = line.starts_with("  ") && has(line, "mcpauth ");
      CAPTURE(line);
      CHECK((line.size() <= 80 || example));
    }
    auto words = words_of(*command);
    words.insert(words.begin(), "help");
    CHECK(mcpauth(words).out == run.out);
  }
}

TEST_CASE("cli/every command: its texts are complete and in the house style") {
  for (const auto* command : cli::commands()) {
    CAPTURE(command->path);
    CHECK(!command->summary.empty());
    CHECK(command->summary.size() <= 70);
    CHECK_FALSE(command->summary.ends_with('.'));
    CHECK(command->description.ends_with('.'));
    CHECK((command->examples.size() >= 2 && command->examples.size() <= 4));
    for (const auto& example : command->examples) {
      CAPTURE(example.line);
      CHECK(has(example.line, "mcpauth " + std::string(command->path)));
      CHECK(!example.says.empty());
      CHECK_FALSE(example.says.ends_with('.'));
    }
    std::set<std::string_view> exits;
    for (const auto status : text::split(command->exits, ' ')) {
      CHECK(status.size() == 1);
      CHECK((status >= "0" && status <= "5"));
      exits.insert(status);
    }
    CHECK((exits.contains("0") && exits.contains("2") && exits.contains("3")));
  }
}

TEST_CASE("cli/every command: each option has its own name, a help text and a value name") {
  for (const auto* command : cli::commands()) {
    CAPTURE(command->path);
    const auto all = bound(*command);
    std::set<std::string, std::less<>> names;
    for (const auto& option : all.spec.options()) {
      CAPTURE(option.names);
      CHECK(!option.help.empty());
      CHECK_FALSE(option.help.ends_with('.'));
      CHECK(option.parse);
      for (const auto spelling : option.spellings()) {
        CHECK(names.insert(std::string(spelling)).second);
        CHECK((option.is_positional() || spelling.size() == 2 || spelling.starts_with("--")));
      }
    }
  }
}

TEST_CASE("cli/every command: keeps the global flags; only -o may mean its own file") {
  cli::GlobalFlags flags;
  cli::Spec globals;
  cli::bind_globals(globals, flags);
  for (const auto* command : cli::commands()) {
    CAPTURE(command->path);
    const auto all = bound(*command);
    for (const auto& option : globals.options()) {
      for (const auto spelling : option.spellings()) {
        CAPTURE(spelling);
        const bool own = all.spec.find(spelling) != nullptr;
        CHECK((!own || option.name() == "--output"));
      }
    }
  }
}

TEST_CASE("cli/every command: an unknown flag is exit 2 and names the nearest") {
  for (const auto* command : cli::commands()) {
    CAPTURE(command->path);
    const auto run = with(*command, {"--no-inputt"});
    CHECK(run.status == 2);
    CHECK(run.out.empty());
    CHECK(has(run.err, "error[usage]: unknown flag `--no-inputt`; did you mean `--no-input`?"));
    CHECK(has(run.err, "try: mcpauth " + std::string(command->path) + " --help"));
  }
}

TEST_CASE("cli/every command: under --json an error is one object on stdout") {
  for (const auto* command : cli::commands()) {
    CAPTURE(command->path);
    const auto run = with(*command, {"--json", "--no-such-flag"});
    CHECK(run.status == 2);
    CHECK(run.err.empty());
    const auto document = json::parse(run.out);
    REQUIRE(document);
    CHECK(*document->find("schema")->string() == "mcpauth.error/1");
    CHECK(*document->at_pointer("/error/code")->string() == "usage");
    CHECK(!document->at_pointer("/error/message")->string()->empty());
    CHECK(document->at_pointer("/error/hint") != nullptr);
  }
}

TEST_CASE("cli/every command: --now and --timeout are checked before anything is done") {
  for (const auto* command : cli::commands()) {
    CAPTURE(command->path);
    CHECK(with(*command, {"--now", "soon"}).status == 2);
    CHECK(has(with(*command, {"--timeout", "5"}).err, "--timeout: `5` is not a duration"));
  }
}

TEST_CASE("cli/every command: no secret on the command line is accepted or repeated") {
  const std::string secret = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln";
  for (const auto* command : cli::commands()) {
    CAPTURE(command->path);
    const auto all = bound(*command);
    std::vector<Words> lines = {{secret}, {"-o", "x", "--", secret}};
    for (const auto& option : all.spec.options()) {
      if (option.is_positional() || option.is_switch()) continue;
      lines.push_back({std::string(option.name()), secret});
      lines.push_back({std::string(option.name()) + "=" + secret});
    }
    for (const auto& line : lines) {
      CAPTURE(line.front());
      const auto run = with(*command, line);
      CHECK(run.status == 2);
      CHECK(has(run.err, " contains a secret"));
      CHECK_FALSE(has(run.err + run.out, "c2ln"));
    }
  }
}

TEST_CASE("cli/every command: is in the completions and the man pages, with all of its flags") {
  const Words scripts = {cli::bash_completion(), cli::zsh_completion()};
  const auto fish = cli::fish_completion();
  const auto pages = cli::manual();
  for (const auto& all : cli::bound_commands()) {
    const std::string path(all.command->path);
    CAPTURE(path);
    for (const auto& script : scripts)
      CHECK(has(script, "'" + path + "'"));
    CHECK(has(fish, "'" + path + "'"));
    const auto file = "mcpauth-" + std::string(all.command->noun()) + ".1";
    const auto page = std::ranges::find(pages, file, &cli::ManualPage::file);
    REQUIRE(page != pages.end());
    CHECK(has(page->text, ".Cm " + path + "\n"));
    for (const auto& option : all.spec.options()) {
      const std::string name(option.name());
      CAPTURE(name);
      const bool positional = option.is_positional();
      CHECK(has(page->text, positional ? "Ar " + name : "Fl " + name.substr(1)));
      if (positional) continue;
      for (const auto& script : scripts)
        CHECK(has(script, name));
      CHECK(has(fish, name.size() > 2 ? " -l " + name.substr(2) : " -s " + name.substr(1)));
    }
  }
}

TEST_CASE("cli/every command: a noun with verbs has a summary and at least one command") {
  for (const auto& noun : cli::nouns()) {
    CAPTURE(noun.name);
    CHECK(!noun.summary.empty());
    CHECK(!cli::words_below(noun.name).empty());
    const auto run = mcpauth({std::string(noun.name)});
    CHECK(run.status == 2);
    CHECK(run.out.empty());
    CHECK(has(run.err, "needs a verb"));
  }
  for (const auto* command : cli::commands()) {
    CAPTURE(command->path);
    const bool has_verb = command->path != command->noun();
    const bool is_noun =
        std::ranges::find(cli::nouns(), command->noun(), &cli::Noun::name) != cli::nouns().end();
    CHECK(has_verb == is_noun);
  }
}

}  // namespace mcpauth::test
