#include "cli/frame/sources.hpp"

#include <algorithm>
#include <istream>
#include <optional>
#include <ostream>

#include "cli/frame/file_suggestion.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/program.hpp"
#include "cli/frame/secret_words.hpp"
#include "cli/frame/source_jwks.hpp"
#include "cli/frame/usage.hpp"
#include "core/base/file.hpp"
#include "core/codec/format.hpp"
#include "core/codec/number.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::cli {
namespace {

constexpr std::size_t kSecretLimit = std::size_t{1} << 20;
constexpr std::chrono::seconds kProgramTime{30};

enum class Kind { secret, open };

struct Reading {
  Kind kind;
  std::size_t limit;
};

/// Reads a stream to its end into memory that is wiped.
Result<Secret> read_stream(std::istream& in, std::size_t limit) {
  Secret buffer(std::min<std::size_t>(limit + 1, 4096));
  std::size_t used = 0;
  while (true) {
    const auto room = buffer.writable().subspan(used);
    in.read(reinterpret_cast<char*>(room.data()), static_cast<std::streamsize>(room.size()));
    used += static_cast<std::size_t>(in.gcount());
    if (in.bad()) return Error{.code = Errc::io, .message = "cannot read stdin"};
    if (in.eof()) break;
    if (used > limit) {
      return Error{.code = Errc::input,
                   .message = text::format("stdin is larger than {} bytes", limit)};
    }
    Secret larger(std::min(buffer.size() * 2, limit + 1));
    std::ranges::copy(buffer.reveal(), larger.writable().begin());
    buffer = std::move(larger);
  }
  if (used > limit) {
    return Error{.code = Errc::input,
                 .message = text::format("stdin is larger than {} bytes", limit)};
  }
  return buffer.first(used);
}

Result<Secret> read_stdin(Env& env, std::size_t limit) {
  if (env.stdin_used) return usage("stdin can be read only once", "give one of the two as a file");
  env.stdin_used = true;
  if (env.in_is_terminal) {
    if (env.globals.no_input) {
      return Error{.code = Errc::needs_person,
                   .message = "stdin is a terminal, and --no-input is given"};
    }
    note(env, "reading from the terminal; end with Ctrl-D");
  }
  return read_stream(env.in, limit);
}

Result<Secret> read_path(const std::filesystem::path& path, const Reading& reading) {
  if (reading.kind == Kind::secret) {
    auto secret = read_secret_file(path, reading.limit);
    if (!secret) return with_file_suggestion(std::move(secret).error(), path);
    return secret;
  }
  const auto text = read_file(path, reading.limit);
  if (!text) return with_file_suggestion(text.error(), path);
  return Secret::copy_of(*text);
}

Result<Secret> read_variable(std::string_view name, Env& env) {
  const auto value = env.variable(name);
  if (!value) {
    return Error{.code = Errc::not_found,
                 .message = text::format("the environment variable `{}` is not set", name)};
  }
  return Secret::copy_of(*value);
}

Result<Secret> read_descriptor(std::string_view number, Env& env, std::size_t limit) {
  const auto fd = parse_number<int>(number);
  if (!fd) {
    return usage(text::format("`fd:{}` is not a descriptor", number), "write a number, as in fd:3");
  }
  if (*fd == 0) return read_stdin(env, limit);
  return read_secret_fd(*fd, text::format("fd:{}", number), limit);
}

Result<Secret> read_key_set(std::string_view reference, const Reading& reading) {
  const auto hash = reference.rfind('#');
  if (hash == std::string_view::npos) {
    return usage(text::format("`jwks:{}` names no key", reference), "write jwks:PATH#KID");
  }
  TRY(const auto text, read_path(reference.substr(0, hash), reading));
  auto key = key_of_set(text, reference.substr(hash + 1));
  if (!key) return std::move(key).error().context(text::quoted(reference.substr(0, hash)));
  return key;
}

Result<Secret> read_program(std::string_view command, const Env& env, std::size_t limit) {
  TRY(const auto words, split_command(command));
  if (std::ranges::any_of(words, holds_secret))
    return secret_on_command_line("the command of `exec:`");
  return run_program(words, env.globals.timeout.value_or(kProgramTime), limit);
}

/// The part after the scheme, if the reference has this scheme.
std::optional<std::string_view> after(std::string_view scheme, std::string_view reference) {
  if (!reference.starts_with(scheme)) return std::nullopt;
  return reference.substr(scheme.size());
}

Result<Secret> read_reference(std::string_view reference, Env& env, const Reading& reading) {
  if (looks_like_secret(reference)) return secret_on_command_line("the reference");
  if (reference.empty()) return usage("the reference is empty");
  if (reference == "-") return read_stdin(env, reading.limit);
  if (const auto name = after("env:", reference)) return read_variable(*name, env);
  if (const auto fd = after("fd:", reference)) return read_descriptor(*fd, env, reading.limit);
  if (const auto set = after("jwks:", reference)) return read_key_set(*set, reading);
  if (const auto line = after("exec:", reference)) return read_program(*line, env, reading.limit);
  for (const std::string_view scheme : {"vault:", "pkcs11:"}) {
    if (after(scheme, reference)) {
      return usage(text::format("this build cannot read `{}` references", scheme),
                   text::format("use {}", kSourceForms));
    }
  }
  return read_path(after("file:", reference).value_or(reference), reading);
}

std::size_t without_newline(std::string_view text) {
  if (text.ends_with("\r\n")) return text.size() - 2;
  return text.ends_with('\n') ? text.size() - 1 : text.size();
}

}  // namespace

Result<Secret> read_source(std::string_view reference, Env& env, std::string_view what) {
  auto read = read_reference(reference, env, {Kind::secret, kSecretLimit});
  if (!read) {
    auto error = std::move(read).error().context(text::format("cannot read {}", what));
    const bool left = error.code == Errc::interrupted;
    if (error.hint.empty() && !left)
      error.hint = text::format("a secret is given as {}", kSourceForms);
    return error;
  }
  auto secret = read->first(without_newline(read->reveal_text()));
  if (!secret.empty()) return secret;
  return Error{.code = Errc::input,
               .message = text::format("{} from `{}` is empty", what, reference)};
}

Result<std::string> read_input(std::string_view reference, Env& env, std::size_t limit) {
  TRY(const auto read, read_reference(reference, env, {Kind::open, limit}));
  return std::string(read.reveal_text());
}

}  // namespace mcpauth::cli
