#include "cli/frame/serving.hpp"

#include <ostream>

#include "cli/frame/output.hpp"
#include "cli/frame/output_file.hpp"
#include "core/codec/format.hpp"
#include "core/codec/url.hpp"

namespace mcpauth::cli {

Result<net::ServerOptions> server_options(std::string_view listen, const std::string& certificate,
                                          const std::string& key) {
  TRY(auto place, net::parse_listen(listen));
  net::ServerOptions options{.address = std::move(place.first), .port = place.second};
  if (certificate.empty() != key.empty()) {
    return Error{.code = Errc::usage,
                 .message = "--tls-cert and --tls-key belong together",
                 .hint = "give both, or neither for plain HTTP"};
  }
  if (!certificate.empty()) {
    options.tls = std::make_unique<net::Tls>(certificate, key);
  }
  return options;
}

std::string base_url(std::string_view address, std::uint16_t port, bool tls) {
  const bool v6 = address.find(':') != std::string_view::npos;
  return text::format("{}://{}{}{}:{}", tls ? "https" : "http", v6 ? "[" : "", address,
                      v6 ? "]" : "", port);
}

bool is_loopback(std::string_view address) {
  const auto url = Url::parse(base_url(address, 80, false));
  return url && url->is_loopback();
}

Result<void> announce(std::string_view schema, std::string_view url, Env& env) {
  if (env.globals.json) {
    print_json(env, json::Object{{"schema", schema}, {"url", url}});
  } else {
    env.out << url << '\n';
  }
  if (env.out.flush()) return commit_output(env.out);
  return Error{.code = Errc::io, .message = "cannot write the answer"};
}

}  // namespace mcpauth::cli
