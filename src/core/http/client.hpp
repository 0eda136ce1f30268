#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/secret.hpp"
#include "core/codec/url.hpp"
#include "core/http/address_guard.hpp"

namespace mcpauth::http {

/// Whether a URL may be asked at all: https, or http to loopback where that is allowed. The guard
/// checks its addresses later, when they are dialled.
bool may_ask(const Url& url, const Reach& reach);

struct Request {
  std::string method = "GET";  ///< or "POST"; others are refused
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers = {};  ///< nothing secret
  Secret authorization = {};  ///< the value of the Authorization header; empty: none
  Secret body = {};           ///< of a POST
  Reach reach = Reach::internet;
  std::chrono::milliseconds timeout{10'000};  ///< for the whole exchange
  std::chrono::milliseconds connect_timeout{5'000};
  std::size_t max_body = 1 << 20;  ///< a longer answer is an error
};

struct Response {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers = {};  ///< names in lower case
  std::string body = {};

  /// The value of the first header of this (lower-case) name; empty when absent.
  std::string_view header(std::string_view name) const;
};

/// Sends one request and waits for the answer. An HTTP error status is a Response, not an Error:
/// only the caller knows what a 400 means to its protocol. Redirects are never followed. Errors
/// name the host, never a query or a body: Errc::timeout, Errc::input for an answer over the
/// limits, Errc::network for the rest, with reason kAddressForbidden when the guard refused.
class Client {
 public:
  virtual ~Client() = default;
  virtual Result<Response> send(const Request& request) = 0;
};

}  // namespace mcpauth::http
