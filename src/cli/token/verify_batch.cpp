#include "cli/token/verify_batch.hpp"

#include <algorithm>
#include <fstream>
#include <istream>
#include <ostream>
#include <vector>

#include "cli/frame/output.hpp"
#include "core/codec/format.hpp"

namespace mcpauth::cli {
namespace {

/// Reads what is available and waits only for the first byte. The stream's own `read` would wait
/// until the buffer is full.
Result<std::size_t> read_some(std::istream& in, std::span<char> room) {
  if (in.peek() == std::istream::traits_type::eof()) {
    if (in.bad()) return Error{.code = Errc::io, .message = "cannot read the tokens"};
    return std::size_t{0};
  }
  const auto got = in.readsome(room.data(), static_cast<std::streamsize>(room.size()));
  if (in.bad() || got <= 0) return Error{.code = Errc::io, .message = "cannot read the tokens"};
  return static_cast<std::size_t>(got);
}

Result<void> write_all(std::ostream& out, std::string_view text) {
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.flush();
  if (out) return {};
  return Error{.code = Errc::io, .message = "cannot write the verdicts"};
}

Exit worst(const token::BulkCount& count) {
  if (count.unverifiable > 0) return Exit::unverifiable;
  return count.invalid > 0 ? Exit::no : Exit::ok;
}

}  // namespace

Result<Exit> verify_batch(const std::string& source, jose::KeySource& keys,
                          const token::BulkRules& rules, Env& env) {
  std::vector<char> buffer(std::size_t{64} * 1024);  // must outlive the file that uses it
  std::ifstream file;
  if (source == "-") {
    if (env.stdin_used) {
      return Error{.code = Errc::usage, .message = "stdin is asked for twice"};
    }
    env.stdin_used = true;
  } else {
    const std::string path = source.starts_with("file:") ? source.substr(5) : source;
    file.rdbuf()->pubsetbuf(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    file.open(path, std::ios::binary);
    if (!file) {
      return Error{.code = Errc::not_found, .message = text::format("cannot open `{}`", path)};
    }
  }
  std::istream& in = source == "-" ? env.in : file;
  const token::BulkStreams streams{
      .read = [&in](std::span<char> room) { return read_some(in, room); },
      .write = [&env](std::string_view text) { return write_all(env.out, text); }};
  TRY(const auto count, token::verify_bulk(streams, keys, rules, *env.clock));
  if (count.lines() == 0) {
    // A pipeline that checks nothing must not pass.
    return Error{
        .code = Errc::input,
        .message = "no token was read",
        .hint = "give one token per line; check the command that should have written them"};
  }
  note(env, text::format("{} valid, {} invalid, {} cannot be verified", count.valid, count.invalid,
                         count.unverifiable));
  return worst(count);
}

}  // namespace mcpauth::cli
