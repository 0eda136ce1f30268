#include "core/http/curl_client.hpp"

#define CURL_DISABLE_TYPECHECK  // its macros would name functions that we do not link
#include <dlfcn.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <span>

#include <curl/curl.h>

#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/http/address_guard.hpp"
#include "core/http/head.hpp"

namespace mcpauth::http {
namespace {

// TLS writes of older versions can raise SIGPIPE in a process that does not expect it.
constexpr unsigned kLeastVersion = 0x075800;  // 7.88.0

struct Library {
  decltype(&curl_version_info) version_info = nullptr;
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_setopt) easy_setopt = nullptr;
  decltype(&curl_easy_perform) easy_perform = nullptr;
  decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&curl_easy_reset) easy_reset = nullptr;
  decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&curl_easy_strerror) easy_strerror = nullptr;
  decltype(&curl_slist_append) slist_append = nullptr;
  decltype(&curl_slist_free_all) slist_free_all = nullptr;
};

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

Error library_missing(std::string message) {
  return Error{.code = Errc::network,
               .message = std::move(message),
               .hint = "install libcurl 7.88 or newer, as in `apt-get install libcurl4`"};
}

// Never closed: libcurl and its OpenSSL register handlers that must stay loaded.
Result<Library> open_library() {
  void* handle = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return library_missing("libcurl.so.4 is needed and cannot be opened");
  Library out;
  const bool complete = find(handle, "curl_version_info", out.version_info) &&
                        find(handle, "curl_global_init", out.global_init) &&
                        find(handle, "curl_easy_init", out.easy_init) &&
                        find(handle, "curl_easy_setopt", out.easy_setopt) &&
                        find(handle, "curl_easy_perform", out.easy_perform) &&
                        find(handle, "curl_easy_getinfo", out.easy_getinfo) &&
                        find(handle, "curl_easy_reset", out.easy_reset) &&
                        find(handle, "curl_easy_cleanup", out.easy_cleanup) &&
                        find(handle, "curl_easy_strerror", out.easy_strerror) &&
                        find(handle, "curl_slist_append", out.slist_append) &&
                        find(handle, "curl_slist_free_all", out.slist_free_all);
  if (!complete) return library_missing("libcurl.so.4 lacks a function");
  if (out.version_info(CURLVERSION_NOW)->version_num < kLeastVersion)
    return library_missing("libcurl.so.4 is too old");
  if (out.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return library_missing("libcurl cannot be initialised");
  return out;
}

const Result<Library>& library() {
  static const Result<Library> kLoaded = open_library();
  return kLoaded;
}

/// One request under way, as the callbacks see it.
struct Transfer {
  const Request& request;
  const Url& url;
  Response response = {};
  HeadReader head = {};
  std::string stopped = {};          ///< why a callback ended it
  std::string refused = {};          ///< the last address that the guard refused, and why
  std::string private_address = {};  ///< the last one that listing its network would allow
  bool opened = false;               ///< the guard allowed at least one address
  std::array<char, CURL_ERROR_SIZE> detail = {};
};

std::string refusal(const Transfer& transfer, const sockaddr& address) {
  const auto range = forbidden(address, transfer.request.reach);
  if (!range.empty()) return text::format("{}, which is in {}", text(address), range);
  // `localhost` that resolves elsewhere must not carry plain text there.
  if (transfer.url.scheme == "http" && !is_loopback(address))
    return text::format("{}, which is not loopback, as plain http must be", text(address));
  return {};
}

// Called for every address that libcurl is about to dial. The check comes after resolution, so that
// a name cannot be judged by one answer and dialled by another (DNS rebinding).
curl_socket_t open_socket(void* user, curlsocktype purpose, curl_sockaddr* address) noexcept {
  auto& transfer = *static_cast<Transfer*>(user);
  if (purpose != CURLSOCKTYPE_IPCXN) return CURL_SOCKET_BAD;
  if (auto why = refusal(transfer, address->addr); !why.empty()) {
    transfer.refused = std::move(why);
    const bool listing_helps = transfer.url.scheme == "https" && may_be_listed(address->addr);
    if (listing_helps) transfer.private_address = text(address->addr);
    return CURL_SOCKET_BAD;
  }
  transfer.opened = true;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::string body_over(std::size_t limit) {
  return text::format("a body over {} bytes", limit);
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) noexcept {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.head.add({data, size * count})) return size * count;
  transfer.stopped = transfer.head.problem();
  return 0;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) noexcept {
  auto& transfer = *static_cast<Transfer*>(user);
  auto& body = transfer.response.body;
  transfer.head.body_begins();
  if (size * count > transfer.request.max_body - body.size()) {
    transfer.stopped = body_over(transfer.request.max_body);
    return 0;
  }
  body.append(data, size * count);
  return size * count;
}

/// Header lines for libcurl, wiped at the end: one of them may be the Authorization header.
class HeaderList {
 public:
  explicit HeaderList(const Library& curl) : curl_(curl) {}
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() {
    for (auto* node = list_; node != nullptr; node = node->next)
      wipe(bytes(std::span(node->data, std::string_view(node->data).size())));
    curl_.slist_free_all(list_);
  }

  void add(std::string_view name, std::string_view value) {
    Secret line(name.size() + 2 + value.size() + 1);
    const auto out = line.writable();
    auto end = std::ranges::copy(name, out.begin()).out;
    end = std::ranges::copy(std::string_view(": "), end).out;
    *std::ranges::copy(value, end).out = 0;
    append(reinterpret_cast<const char*>(out.data()));
  }
  void append(const char* line) {
    if (auto* grown = curl_.slist_append(list_, line)) list_ = grown;
  }
  curl_slist* get() const { return list_; }

 private:
  static std::span<std::uint8_t> bytes(std::span<char> text) {
    return {reinterpret_cast<std::uint8_t*>(text.data()), text.size()};
  }
  const Library& curl_;
  curl_slist* list_ = nullptr;
};

/// Requests with the same key may share a connection. The reach is part of it: a request must not
/// use a connection to an address that its own reach forbids.
struct PoolKey {
  std::string origin;
  Reach reach;
  friend bool operator==(const PoolKey&, const PoolKey&) = default;
};

struct Handle {
  PoolKey key;
  CURL* curl = nullptr;
};

class CurlClient final : public Client {
 public:
  explicit CurlClient(ClientSettings settings) : settings_(std::move(settings)) {}
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;
  ~CurlClient() override {
    for (const auto& handle : idle_)
      library()->easy_cleanup(handle.curl);
  }

  Result<Response> send(const Request& request) override;

 private:
  static constexpr std::size_t kMaxIdle = 8;

  Handle take(PoolKey key);
  void give_back(Handle handle);
  CURLcode prepare(CURL* curl, Transfer& transfer, const HeaderList& headers) const;

  const ClientSettings settings_;
  std::mutex mutex_;
  std::vector<Handle> idle_;  ///< with their open connections
};

Handle CurlClient::take(PoolKey key) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(idle_, key, &Handle::key);
  if (found == idle_.end()) return {std::move(key), library()->easy_init()};
  auto handle = std::move(*found);
  idle_.erase(found);
  return handle;
}

void CurlClient::give_back(Handle handle) {
  library()->easy_reset(handle.curl);  // keeps the connection, forgets the transfer
  const std::lock_guard lock(mutex_);
  if (idle_.size() == kMaxIdle) {
    library()->easy_cleanup(idle_.front().curl);
    idle_.erase(idle_.begin());
  }
  idle_.push_back(std::move(handle));
}

// Sets options until one fails. An option that an old libcurl does not know must not go missing.
class Setter {
 public:
  explicit Setter(CURL* curl) : curl_(curl) {}
  template <class Value>
  Setter& operator()(CURLoption option, Value value) {
    if (result_ == CURLE_OK) result_ = library()->easy_setopt(curl_, option, value);
    return *this;
  }
  CURLcode result() const { return result_; }

 private:
  CURL* curl_;
  CURLcode result_ = CURLE_OK;
};

long milliseconds(std::chrono::milliseconds time) {
  return static_cast<long>(std::max<std::int64_t>(time.count(), 1));  // 0 would mean for ever
}

CURLcode CurlClient::prepare(CURL* curl, Transfer& transfer, const HeaderList& headers) const {
  const auto& request = transfer.request;
  Setter set(curl);
  set(CURLOPT_URL, transfer.url.text().c_str())(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_PROTOCOLS_STR, transfer.url.scheme.c_str());
  set(CURLOPT_FOLLOWLOCATION, 0L)(CURLOPT_PROXY, "")(CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
  set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1})(CURLOPT_HTTP09_ALLOWED, 0L);
  set(CURLOPT_NOSIGNAL, 1L)(CURLOPT_ERRORBUFFER, transfer.detail.data());
  const auto time = settings_.timeout.value_or(request.timeout);
  set(CURLOPT_TIMEOUT_MS, milliseconds(time));
  set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(std::min(time, request.connect_timeout)));
  set(CURLOPT_LOW_SPEED_LIMIT, 64L)(CURLOPT_LOW_SPEED_TIME, 15L);
  set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.max_body));
  set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  set(CURLOPT_SSL_VERIFYPEER, 1L)(CURLOPT_SSL_VERIFYHOST, 2L);
  if (!settings_.ca_file.empty()) set(CURLOPT_CAINFO, settings_.ca_file.c_str());
  set(CURLOPT_OPENSOCKETFUNCTION, &open_socket)(CURLOPT_OPENSOCKETDATA, &transfer);
  set(CURLOPT_HEADERFUNCTION, &on_header)(CURLOPT_HEADERDATA, &transfer);
  set(CURLOPT_WRITEFUNCTION, &on_body)(CURLOPT_WRITEDATA, &transfer);
  set(CURLOPT_USERAGENT, "mcpauth/" MCPAUTH_VERSION)(CURLOPT_HTTPHEADER, headers.get());
  if (request.method == "POST") {
    const auto body = request.body.reveal();
    set(CURLOPT_POST, 1L)(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    set(CURLOPT_POSTFIELDS, body.empty() ? "" : static_cast<const void*>(body.data()));
  }
  return set.result();
}

Error network_error(CURLcode code, const Transfer& transfer) {
  const auto host = text::quoted(transfer.url.host);
  Error out{.code = Errc::network, .why = transfer.detail.data()};
  if (code == CURLE_COULDNT_RESOLVE_HOST) {
    out.message = text::format("the name {} cannot be resolved", host);
  } else if (code == CURLE_COULDNT_CONNECT) {
    out.message = text::format("cannot connect to `{}`", transfer.url.origin());
  } else if (code == CURLE_PEER_FAILED_VERIFICATION) {
    out.message = text::format("the certificate of {} is not trusted", host);
    out.hint = "if its CA is your own, name the CA file in SSL_CERT_FILE";
  } else if (code == CURLE_SSL_CACERT_BADFILE) {
    out.message = "the CA file cannot be read";
    out.hint = "SSL_CERT_FILE or CURL_CA_BUNDLE must name a PEM file";
  } else if (code == CURLE_UNKNOWN_OPTION || code == CURLE_NOT_BUILT_IN) {
    out = library_missing("libcurl lacks an option that is needed");
  } else {
    out.message = text::format("talking to {} failed: {}", host, library()->easy_strerror(code));
  }
  return out;
}

Error address_forbidden(const Transfer& transfer) {
  Error out{
      .code = Errc::network,
      .message = text::format("`{}` is at {}", transfer.url.host, transfer.refused),
      .hint =
          "only public addresses and those in `networks` of an [[idp]] may be reached; name a "
          "service on this machine by its loopback address",
      .reason = reason::kAddressForbidden};
  if (!transfer.private_address.empty()) {
    out.hint =
        text::format("{} is a private address: name its network in `networks` of its [[idp]]",
                     transfer.private_address);
  }
  return out;
}

Error failure(CURLcode code, const Transfer& transfer) {
  const auto host = text::quoted(transfer.url.host);
  if (!transfer.stopped.empty() || code == CURLE_FILESIZE_EXCEEDED) {
    const auto what =
        transfer.stopped.empty() ? body_over(transfer.request.max_body) : transfer.stopped;
    return {.code = Errc::input, .message = text::format("{} answered with {}", host, what)};
  }
  if (!transfer.refused.empty() && !transfer.opened) return address_forbidden(transfer);
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return {.code = Errc::timeout,
            .message = text::format("{} did not answer in time", host),
            .hint = "try again, or allow more time with --timeout",
            .why = transfer.detail.data()};
  }
  return network_error(code, transfer);
}

// A proxy in the environment is not used, and somebody who needs one should learn that here.
Error with_proxy_hint(Error error, CURLcode code, const std::string& variable) {
  const bool unreached = code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ||
                         code == CURLE_OPERATION_TIMEDOUT;
  if (variable.empty() || !unreached || error.reason == reason::kAddressForbidden) return error;
  error.hint += text::format(
      "{}{} is set, and proxies are not used: the host must be reached from this machine",
      error.hint.empty() ? "" : "; ", variable);
  return error;
}

Result<void> check(const Request& request, const Url& url) {
  if (request.method != "GET" && request.method != "POST")
    return Error{.code = Errc::usage, .message = "only GET and POST are sent"};
  if (!may_ask(url, request.reach)) {
    return Error{.code = Errc::network,
                 .message = text::format("`{}` would be asked over plain http", url.host),
                 .hint = "use https; plain http is for loopback only, where it is allowed",
                 .reason = reason::kAddressForbidden};
  }
  const bool sendable = std::ranges::all_of(request.headers, [](const auto& header) {
    return is_sendable_header(header.first, header.second);
  });
  const auto authorization = request.authorization.reveal_text();
  if (!sendable || !(authorization.empty() || is_sendable_header("authorization", authorization)))
    return Error{.code = Errc::input,
                 .message = "a header of the request has a character that is not allowed"};
  return {};
}

Result<Response> CurlClient::send(const Request& request) {
  TRY(const Url url, Url::parse(request.url));
  TRY_VOID(check(request, url));
  if (!library()) return library().error();

  HeaderList headers(*library());
  for (const auto& [name, value] : request.headers)
    headers.add(name, value);
  if (!request.authorization.empty())
    headers.add("Authorization", request.authorization.reveal_text());
  headers.append("Expect:");  // no waiting for 100 Continue

  Transfer transfer{.request = request, .url = url};
  auto handle = take({.origin = url.origin(), .reach = request.reach});
  if (handle.curl == nullptr) return library_missing("libcurl cannot make a handle");
  auto code = prepare(handle.curl, transfer, headers);
  if (code == CURLE_OK) code = library()->easy_perform(handle.curl);
  long status = 0;
  library()->easy_getinfo(handle.curl, CURLINFO_RESPONSE_CODE, &status);
  if (code != CURLE_OK) {
    library()->easy_cleanup(handle.curl);  // with its connections: their state is not known
    return with_proxy_hint(failure(code, transfer), code, settings_.proxy_variable);
  }
  give_back(std::move(handle));

  transfer.response.status = static_cast<int>(status);
  transfer.response.headers = transfer.head.take_headers();
  const auto encoding = transfer.response.header("content-encoding");
  if (!encoding.empty() && encoding != "identity")
    return Error{
        .code = Errc::input,
        .message = text::format("`{}` answered with a compressed body, unasked", url.host)};
  return std::move(transfer.response);
}

}  // namespace

std::unique_ptr<Client> make_client(ClientSettings settings) {
  return std::make_unique<CurlClient>(std::move(settings));
}

}  // namespace mcpauth::http
