#include <filesystem>
#include <memory>
#include <string>

#include "cli/frame/command.hpp"
#include "cli/frame/completion.hpp"
#include "cli/frame/manual.hpp"
#include "core/base/file.hpp"

namespace mcpauth::cli {
namespace {

struct Options {
  std::string directory;
};

Result<void> write(const std::filesystem::path& file, const std::string& text) {
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);  // `write_file` reports it
  constexpr mode_t kReadable = 0644;
  return write_file(file, bytes_of(text), Overwrite::yes, kReadable);
}

Result<Exit> generate(const Options& options) {
  const std::filesystem::path directory = options.directory;
  TRY_VOID(write(directory / "completions/mcpauth.bash", bash_completion()));
  TRY_VOID(write(directory / "completions/_mcpauth", zsh_completion()));
  TRY_VOID(write(directory / "completions/mcpauth.fish", fish_completion()));
  for (const auto& page : manual())
    TRY_VOID(write(directory / "man" / page.file, page.text));
  return Exit::ok;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.argument("DIRECTORY", "Where completions/ and man/ are written", options->directory);
  return [options](Env&) { return generate(*options); };
}

constexpr Example kExamples[] = {
    {"mcpauth __generate .", "refresh the files that are checked in"},
    {"mcpauth __generate /tmp/new", "write them elsewhere, to compare"},
};

}  // namespace

extern const Command kGenerate;
constinit const Command kGenerate = {
    .path = "__generate",
    .summary = "Write the completions and man pages",
    .description = "Writes completions/ and man/ from the table of commands.",
    .examples = kExamples,
    .exits = "0 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
