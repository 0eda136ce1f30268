#include "cli/rbac/explain_batch.hpp"

#include <array>
#include <fstream>
#include <istream>
#include <ostream>

#include "cli/frame/output.hpp"
#include "core/codec/format.hpp"
#include "core/policy/analysis/answer.hpp"
#include "core/token/lines.hpp"

namespace mcpauth::cli {
namespace {

constexpr std::size_t kLongestLine = std::size_t{1} << 20;

/// Reads what is available. Waits for the first byte only, so answers are not delayed.
Result<std::size_t> read_some(std::istream& in, std::span<char> buffer) {
  if (in.peek() == std::istream::traits_type::eof()) {
    if (in.bad()) return Error{.code = Errc::io, .message = "cannot read the questions"};
    return std::size_t{0};
  }
  const auto got = in.readsome(buffer.data(), static_cast<std::streamsize>(buffer.size()));
  if (in.bad() || got <= 0) return Error{.code = Errc::io, .message = "cannot read the questions"};
  return static_cast<std::size_t>(got);
}

Result<void> open(const std::string& source, std::ifstream& file, Env& env) {
  if (source == "-") {
    if (env.stdin_used) return Error{.code = Errc::usage, .message = "stdin is asked for twice"};
    env.stdin_used = true;
    return {};
  }
  const std::string path = source.starts_with("file:") ? source.substr(5) : source;
  file.open(path, std::ios::binary);
  if (file) return {};
  return Error{.code = Errc::not_found, .message = text::format("cannot open `{}`", path)};
}

}  // namespace

Result<Exit> explain_batch(const std::string& source, const policy::Engine& engine, Env& env) {
  std::vector<char> buffer(std::size_t{64} * 1024);  // must outlive the file that uses it
  std::ifstream file;
  file.rdbuf()->pubsetbuf(buffer.data(), static_cast<std::streamsize>(buffer.size()));
  TRY_VOID(open(source, file, env));
  std::istream& in = source == "-" ? env.in : file;
  token::LineReader reader([&in](std::span<char> into) { return read_some(in, into); },
                           kLongestLine);
  std::array<std::uint64_t, 3> count{};
  std::string out;
  const Instant now = env.now();
  token::LineChunk chunk;
  while (true) {
    TRY(const bool more, reader.next(chunk));
    if (!more) break;
    out.clear();
    std::uint64_t number = chunk.first_line;
    for (const auto line : chunk.lines)
      ++count[static_cast<std::size_t>(policy::analysis::answer(engine, line, number++, now, out))];
    env.out.write(out.data(), static_cast<std::streamsize>(out.size())).flush();
    if (!env.out) return Error{.code = Errc::io, .message = "cannot write the decisions"};
  }
  const auto [allowed, denied, failed] = count;
  note(env, text::format("{} allowed, {} denied, {} not understood", allowed, denied, failed));
  if (failed > 0) return Exit::failure;
  return denied > 0 ? Exit::no : Exit::ok;
}

}  // namespace mcpauth::cli
