#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <istream>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/frame/run.hpp"
#include "cli/frame/streams.hpp"
#include "core/base/clock.hpp"
#include "core/base/prefault.hpp"
#include "core/crypto/digest.hpp"
#include "core/http/curl_client.hpp"

namespace {

/// Opens /dev/null in place of a closed stdin, stdout or stderr. Otherwise the next file that is
/// opened would get its number, and what is written to stdout would end up in that file. Reading or
/// writing the placeholder fails.
void hold_closed_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    if (::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) std::_Exit(3);
  }
}

std::optional<std::string> variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::vector<std::string> variable_names() {
  std::vector<std::string> names;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    names.emplace_back(text.substr(0, text.find('=')));
  }
  return names;
}

/// The CA file, by the variables that curl and OpenSSL use.
std::string trusted_authorities() {
  return variable("CURL_CA_BUNDLE").value_or(variable("SSL_CERT_FILE").value_or(""));
}

std::string proxy_variable() {
  for (const std::string name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    if (!variable(name).value_or("").empty()) return name;
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  mcpauth::prefault_heap();
  hold_closed_descriptors();
  const rlimit no_core = {0, 0};  // a core dump would hold keys and tokens
  ::setrlimit(RLIMIT_CORE, &no_core);
  std::signal(SIGPIPE, SIG_IGN);  // a write fails with EPIPE instead
  mcpauth::crypto::leave_tables_at_exit();

  mcpauth::cli::FdReader in_buffer(STDIN_FILENO);
  mcpauth::cli::FdWriter out_buffer(STDOUT_FILENO);
  mcpauth::cli::FdWriter err_buffer(STDERR_FILENO);
  std::istream in(&in_buffer);
  std::ostream out(&out_buffer);
  std::ostream err(&err_buffer);
  err << std::unitbuf;
  const mcpauth::SystemClock clock;
  mcpauth::crypto::SystemRandom random;
  mcpauth::cli::Env env{.in = in,
                        .out = out,
                        .err = err,
                        .clock = &clock,
                        .random = random,
                        .variable = variable,
                        .variable_names = variable_names,
                        .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
                        .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
                        .in_is_terminal = ::isatty(STDIN_FILENO) == 1,
                        .out_error = &out_buffer.error()};
  std::unique_ptr<mcpauth::http::Client> client;
  env.http = [&client, &env]() -> mcpauth::http::Client& {
    if (!client) {
      client = mcpauth::http::make_client({.ca_file = trusted_authorities(),
                                           .proxy_variable = proxy_variable(),
                                           .timeout = env.globals.timeout});
    }
    return *client;
  };
  const std::vector<std::string_view> args(argv + (argc > 0 ? 1 : 0), argv + argc);
  return mcpauth::cli::run(args, env);
}
