#include "cli/token/decode_output.hpp"

#include <array>
#include <optional>
#include <ostream>

#include "cli/frame/output.hpp"
#include "core/codec/list.hpp"
#include "core/codec/style.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::cli {
namespace {

constexpr std::array<std::string_view, 4> kTimes = {"iat", "nbf", "exp", "auth_time"};
constexpr std::size_t kTimeWidth = 9;  ///< of the longest of them

std::optional<Instant> instant_of(const json::Value& claims, std::string_view name) {
  const auto* value = claims.find(name);
  const auto number = value == nullptr ? std::nullopt : value->number();
  if (!number || *number < 0 || *number > 253'402'300'799.0) return std::nullopt;
  return Instant(std::chrono::seconds(static_cast<std::int64_t>(*number)));
}

std::string bold(std::string_view text, const Env& env) {
  return text::styled(text, text::Style::bold, env.color_out);
}

void print_value(const json::Value& value, Env& env) {
  const std::string pretty = json::write_pretty(value);
  for (const auto line : text::split(pretty, '\n')) {
    env.out << "  " << text::printable(line) << '\n';
  }
}

void print_times(const Decoded& decoded, Env& env) {
  bool any = false;
  for (const auto name : kTimes) {
    const auto instant = instant_of(decoded.claims, name);
    if (!instant) continue;
    if (!any) env.out << bold("times", env) << '\n';
    any = true;
    env.out << "  " << text::padded(name, kTimeWidth) << "  " << instant->time_since_epoch().count()
            << "  " << time::format_instant(*instant) << "  " << time::relative(*instant, env.now())
            << '\n';
  }
}

void print_findings(const Decoded& decoded, Env& env) {
  if (!decoded.linted) return;
  env.out << bold("lint", env) << '\n';
  if (decoded.findings.empty()) env.out << "  nothing found\n";
  for (const auto& finding : decoded.findings) {
    env.out << "  " << (finding.error ? "error  " : "warning") << "  " << finding.rule << ": "
            << for_reader(finding.message) << '\n';
  }
}

std::string printable_list(const std::vector<std::string>& names) {
  std::vector<std::string> printable;
  for (const auto& name : names)
    printable.push_back(text::printable(name));
  return text::join(printable, ", ");
}

void print_origin(const Decoded& decoded, Env& env) {
  const auto& found = decoded.found;
  if (!found.where.empty()) env.out << "found in " << text::printable(found.where) << '\n';
  if (found.unwrapped) env.out << "its line breaks were removed\n";
  if (found.others > 0) env.out << "first of " << found.others + 1 << " tokens\n";
}

void print_text(const Decoded& decoded, Env& env) {
  env.out << bold("NOT VERIFIED", env)
          << ": this is what the token says, and nothing shows that it is true\n";
  print_origin(decoded, env);
  env.out << bold("header", env) << '\n';
  print_value(decoded.header, env);
  if (decoded.encrypted) {
    env.out << "encrypted (JWE): only the holder of the key can read its content\n";
    if (!decoded.redacted.empty())
      env.out << bold("redacted", env) << "\n  " << printable_list(decoded.redacted) << '\n';
    return;
  }
  if (decoded.claims.is_null()) {
    env.out << "the payload is not a JSON object: " << decoded.payload_bytes << " bytes\n";
  } else {
    env.out << bold("claims", env) << '\n';
    print_value(decoded.claims, env);
    print_times(decoded, env);
  }
  if (!decoded.redacted.empty()) {
    env.out << bold("redacted", env) << "\n  " << printable_list(decoded.redacted)
            << ", and the signature\n";
  } else {
    env.out << bold("signature", env) << "\n  " << decoded.signature_bytes
            << " bytes, not checked\n";
  }
  print_findings(decoded, env);
}

json::Object times_of(const Decoded& decoded, const Env& env) {
  json::Object times;
  for (const auto name : kTimes) {
    const auto instant = instant_of(decoded.claims, name);
    if (!instant) continue;
    times.set(std::string(name),
              json::Object{{"epoch", std::int64_t{instant->time_since_epoch().count()}},
                           {"time", time::format_instant(*instant)},
                           {"relative", time::relative(*instant, env.now())}});
  }
  return times;
}

json::Value document(const Decoded& decoded, const Env& env) {
  json::Object object{{"schema", "mcpauth.decode/1"},
                      {"verified", false},
                      {"kind", decoded.encrypted ? "jwe" : "jws"},
                      {"header", decoded.header}};
  if (!decoded.found.where.empty()) object.set("found_in", decoded.found.where);
  object.set("other_tokens", std::uint64_t{decoded.found.others});
  if (!decoded.encrypted) {
    object.set("claims", decoded.claims);
    object.set("times", times_of(decoded, env));
    object.set("signature_bytes", std::uint64_t{decoded.signature_bytes});
  }
  if (!decoded.redacted.empty()) {
    object.set("redacted", json::Array(decoded.redacted.begin(), decoded.redacted.end()));
  }
  if (decoded.linted) {
    json::Array findings;
    for (const auto& finding : decoded.findings) {
      findings.emplace_back(json::Object{{"rule", finding.rule},
                                         {"severity", finding.error ? "error" : "warning"},
                                         {"message", text::shortened(finding.message)}});
    }
    object.set("findings", std::move(findings));
  }
  return object;
}

}  // namespace

void print_decoded(const Decoded& decoded, Env& env) {
  if (env.globals.json) return print_json(env, document(decoded, env));
  print_text(decoded, env);
}

}  // namespace mcpauth::cli
