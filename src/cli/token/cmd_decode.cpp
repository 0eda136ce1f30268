#include <algorithm>
#include <iterator>
#include <memory>
#include <ostream>

#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/sources.hpp"
#include "cli/token/decode_output.hpp"
#include "core/base/reason.hpp"
#include "core/codec/base64url.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/jose/jws.hpp"
#include "core/token/redact.hpp"

namespace mcpauth::cli {
namespace {

constexpr std::size_t kMaxInput = 1 << 20;

struct Options {
  std::optional<std::string> source;
  std::optional<std::string> field;
  bool lint = false;
  bool redact = false;
};

/// Whether the text is a JSON pointer (RFC 6901): in one, `~` stands only before 0 and 1.
bool is_pointer(std::string_view text) {
  if (!text.empty() && text.front() != '/') return false;
  for (auto at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1)) {
    const auto escaped = text.substr(at + 1, 1);
    if (escaped != "0" && escaped != "1") return false;
  }
  return true;
}

void redact_header(Decoded& decoded) {
  if (decoded.header.object() == nullptr) return;
  auto safe = token::redact_header(*decoded.header.object());
  decoded.header = std::move(safe.members);
  decoded.redacted = std::move(safe.removed);
}

void redact_claims(Decoded& decoded) {
  if (decoded.claims.is_null()) return;
  auto safe = token::redact(*decoded.claims.object());
  decoded.claims = std::move(safe.members);
  std::ranges::move(safe.removed, std::back_inserter(decoded.redacted));
}

/// Only the header can be read without the key.
Result<Decoded> read_encrypted(token::Found found, const Options& options) {
  const auto part = std::string_view(found.token).substr(0, found.token.find('.'));
  TRY(const auto bytes, base64url::decode(part));
  TRY(auto header, json::parse(text_of(bytes)));
  Decoded decoded;
  decoded.encrypted = true;
  decoded.header = std::move(header);
  if (options.redact) redact_header(decoded);
  decoded.found = std::move(found);
  return decoded;
}

Result<Decoded> read_signed(token::Found found, const Options& options, Instant now) {
  TRY(const auto jws, jose::parse_jws(found.token));
  Decoded decoded;
  decoded.header = jws.header;
  decoded.payload_bytes = jws.payload.size();
  decoded.signature_bytes = jws.signature.size();
  if (auto claims = json::parse(text_of(jws.payload)); claims && claims->object() != nullptr) {
    decoded.claims = *std::move(claims);
  }
  decoded.linted = options.lint;
  if (options.lint) decoded.findings = token::lint(jws, now);
  if (options.redact) {
    redact_header(decoded);
    redact_claims(decoded);
  }
  decoded.found = std::move(found);
  return decoded;
}

Result<Decoded> read(const Options& options, Env& env) {
  TRY(const std::string pasted, read_input(options.source.value_or("-"), env, kMaxInput));
  auto found = token::find(pasted);
  if (!found) {
    return Error{
        .code = Errc::input,
        .message = text::format("there is no token in the {} bytes that were read", pasted.size()),
        .hint = "a token is three parts of base64url, separated by dots: eyJ….eyJ….…",
        .reason = reason::kMalformed};
  }
  const auto parts = text::split(found->token, '.');
  if (parts.size() == 5 && found->token.size() <= jose::kMaxTokenBytes)
    return read_encrypted(*std::move(found), options);
  return read_signed(*std::move(found), options, env.now());
}

/// Prints only the value, for a script: a string without its quotes, escaped only for a terminal
/// and in CI. With --json as a document.
Result<Exit> print_field(const Decoded& decoded, const std::string& pointer, Env& env) {
  const bool in_header = pointer.starts_with("/header/") || pointer == "/header";
  const auto& document = in_header ? decoded.header : decoded.claims;
  const auto rest = in_header ? std::string_view(pointer).substr(7) : std::string_view(pointer);
  const auto* value = document.at_pointer(rest);
  if (value == nullptr) {
    return Error{.code = Errc::denied,
                 .message = text::format("the token has no `{}`", pointer),
                 .reason = reason::kMissingClaim};
  }
  if (env.globals.json) {
    print_json(env, json::Object{{"schema", "mcpauth.decode/1"},
                                 {"verified", false},
                                 {"field", pointer},
                                 {"value", *value}});
    return Exit::ok;
  }
  warn(env, "NOT VERIFIED");
  const auto* string = value->string();
  const std::string text = string != nullptr ? *string : json::write(*value);
  env.out << for_answer(env, text) << '\n';
  return Exit::ok;
}

Result<Exit> decode(const Options& options, Env& env) {
  if (options.field && (options.lint || !is_pointer(*options.field))) {
    return Error{.code = Errc::usage,
                 .message = options.lint
                                ? "--field and --lint cannot be combined"
                                : text::format("`{}` is not a JSON pointer", *options.field),
                 .hint = "as in --field /sub, or --field /header/kid"};
  }
  TRY(const auto decoded, read(options, env));
  if (options.field) return print_field(decoded, *options.field, env);
  print_decoded(decoded, env);
  return decoded.findings.empty() ? Exit::ok : Exit::no;
}

Action bind(Spec& spec) {
  const auto options = std::make_shared<Options>();
  spec.argument("TOKEN", "Text that contains the token: a source; default: stdin", options->source)
      .completes = Completes::file;
  spec.value("--field", "POINTER",
             "Print only one claim, by JSON pointer; /header/… for the header", options->field)
      .may_be_empty = true;  // the pointer of the whole document
  spec.flag("--lint", "Report what is wrong or risky (RFC 8725, RFC 9068, MCP)", options->lint);
  spec.flag("--redact", "Remove what is personal, so that others may see the rest",
            options->redact);
  return [options](Env& env) { return decode(*options, env); };
}

constexpr Example kExamples[] = {
    {"mcpauth decode < request.txt", "find the token in whatever was pasted, and show it"},
    {"mcpauth decode --lint token", "what is wrong or risky in it"},
    {"mcpauth decode --field /exp token", "one claim, for a script"},
    {"mcpauth decode --redact token", "safe to paste into a ticket"},
};

}  // namespace

extern const Command kDecode;
constinit const Command kDecode = {
    .path = "decode",
    .summary = "Show what is in a token, unverified and offline",
    .description =
        "Finds the token in what was pasted: a header line, a curl command, JSON, a cookie, a URL, "
        "a log line, wrapped or quoted. Shows header, claims and times. Verifies nothing and uses "
        "no network: for that there is `mcpauth verify`.\n\n"
        "--lint exits 1 when it finds something. --redact keeps the values of protocol claims and "
        "header members and removes all others, and the signature. --field prints a value without "
        "quotes, escaped on a terminal and in CI; with --json it is `value` of a document. It "
        "exits "
        "1 when the token has no such member.",
    .examples = kExamples,
    .exits = "0 1 2 3",
    .bind = bind,
};

}  // namespace mcpauth::cli
