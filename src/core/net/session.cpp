#include "core/net/session.hpp"

#include <array>
#include <type_traits>

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "core/net/request_reader.hpp"
#include "core/net/response_head.hpp"

namespace mcpauth::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using TlsStream = asio::ssl::stream<tcp::socket>;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::chrono::seconds kLinger{2};
constexpr std::size_t kLingerBytes = 256 * 1024;
/// After this many pipelined requests without a wait, other connections get a turn.
constexpr unsigned kTurn = 16;

std::string peer_name(const tcp::endpoint& peer) {
  const auto address = peer.address().to_string();
  return (peer.address().is_v6() ? "[" + address + "]:" : address + ":") +
         std::to_string(peer.port());
}

template <class Stream>
class Session final : public Connection {
 public:
  Session(Stream stream, const tcp::endpoint& peer, Loop& loop)
      : loop_(loop),
        limits_(loop.shared().limits),
        stream_(std::move(stream)),
        peer_(peer_name(peer)),
        reader_(limits_),
        place_(loop.enter(*this)) {
    begin(Phase::head);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() override { loop_.leave(place_); }

  Deadline deadline() const override { return since_ + time_for(phase_); }
  bool idle() const override {
    return phase_ == Phase::idle || (phase_ == Phase::head && !reader_.has_bytes());
  }
  std::optional<Wait> wait() const override {
    if (aborted_ || phase_ == Phase::write) return std::nullopt;
    return Wait{.answered = phase_ == Phase::idle || phase_ == Phase::linger, .since = since_};
  }
  void expire() override {
    expired_ = true;
    error_code ignored;
    socket().cancel(ignored);
  }
  void abort() override {
    aborted_ = true;
    error_code ignored;
    socket().cancel(ignored);
  }

  asio::awaitable<void> run();

 private:
  static constexpr bool kTls = std::is_same_v<Stream, TlsStream>;
  enum class Phase { idle, head, body, write, linger };
  enum class Written { all, part, failed };

  tcp::socket& socket() {
    if constexpr (kTls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  std::chrono::milliseconds time_for(Phase phase) const;
  void begin(Phase phase);
  asio::awaitable<bool> handshake();
  asio::awaitable<bool> receive();
  void prepare(Response response, Persistence persistence, std::string_view method);
  void prepare_answer();
  void prepare_refusal(const Fault& fault);
  Written write_now();
  asio::awaitable<bool> send();
  asio::awaitable<void> close();

  Loop& loop_;
  const Limits& limits_;
  Stream stream_;
  std::string peer_;
  RequestReader reader_;
  Phase phase_ = Phase::head;
  Deadline since_{};  ///< the phase began
  bool expired_ = false;
  bool aborted_ = false;
  bool gone_ = false;  ///< the peer has left, or cannot be reached any more
  unsigned served_ = 0;
  // The response that is being sent. Kept alive until it is.
  std::string head_;
  std::shared_ptr<const std::string> body_;
  std::size_t sent_ = 0;
  Persistence persistence_ = Persistence::keep;
  std::list<Connection*>::iterator place_;
};

template <class Stream>
std::chrono::milliseconds Session<Stream>::time_for(Phase phase) const {
  switch (phase) {
    case Phase::idle:
      return limits_.idle_time;
    case Phase::head:
      return limits_.header_time;
    case Phase::body:
      return limits_.body_time;
    case Phase::write:
      return limits_.write_time;
    case Phase::linger:
      break;
  }
  return kLinger;
}

template <class Stream>
void Session<Stream>::begin(Phase phase) {
  phase_ = phase;
  expired_ = false;
  since_ = std::chrono::steady_clock::now();
}

template <class Stream>
asio::awaitable<void> Session<Stream>::run() {
  if constexpr (kTls) {
    const bool shaken = co_await handshake();
    if (!shaken) co_return;
  }
  error_code ignored;
  socket().non_blocking(true, ignored);
  unsigned turn = 0;
  bool open = true;
  while (open && !aborted_) {
    switch (reader_.advance()) {
      case RequestReader::Step::need_more:
        turn = 0;
        open = co_await receive();
        break;
      case RequestReader::Step::want_continue:
        head_ = kContinue;
        open = co_await send();
        break;
      case RequestReader::Step::complete: {
        prepare_answer();
        const auto written = write_now();
        open = written == Written::all;
        if (written == Written::part) open = co_await send();
        open = open && persistence_ == Persistence::keep;
        reader_.next();
        begin(reader_.has_bytes() ? Phase::head : Phase::idle);
        if (++turn % kTurn == 0) co_await asio::post(kNoThrow);
        break;
      }
      case RequestReader::Step::bad:
        prepare_refusal(reader_.fault());
        co_await send();
        open = false;
        break;
    }
  }
  if (!gone_ && !aborted_) co_await close();
}

template <class Stream>
asio::awaitable<bool> Session<Stream>::handshake() {
  if constexpr (kTls) {
    const auto done = co_await stream_.async_handshake(asio::ssl::stream_base::server, kNoThrow);
    co_return !std::get<0>(done);
  }
  co_return true;
}

/// False at the end of the connection. A request that came too slowly has been refused by then.
template <class Stream>
asio::awaitable<bool> Session<Stream>::receive() {
  const auto now = reader_.in_body() ? Phase::body : Phase::head;
  if (reader_.has_bytes() && phase_ != now) begin(now);
  const auto space = reader_.space();
  const auto got =
      co_await stream_.async_read_some(asio::buffer(space.data(), space.size()), kNoThrow);
  if (!std::get<0>(got)) {
    reader_.commit(std::get<1>(got));
    co_return true;
  }
  if (expired_ && !aborted_ && reader_.has_bytes()) {
    prepare_refusal({.status = 408, .text = "the request came too slowly"});
    co_await send();
    co_return false;
  }
  gone_ = !expired_;
  co_return false;
}

template <class Stream>
void Session<Stream>::prepare(Response response, Persistence persistence, std::string_view method) {
  persistence_ = persistence;
  sent_ = 0;
  if (!write_head(head_, response, loop_.date(), persistence)) {
    response = {.status = 500};
    write_head(head_, response, loop_.date(), persistence);
  }
  body_ = std::move(response.body);
  if (method == "HEAD" || !may_have_body(response.status)) body_ = nullptr;
}

template <class Stream>
void Session<Stream>::prepare_answer() {
  const bool last =
      !reader_.keep_alive() || loop_.draining() || ++served_ >= limits_.requests_per_connection;
  const auto& request = reader_.request_from(peer_);
  Response response;
  try {
    response = loop_.shared().handler.handle(request);
  } catch (...) {
    response = {.status = 500};
  }
  prepare(std::move(response), last ? Persistence::close : Persistence::keep, request.method);
}

template <class Stream>
void Session<Stream>::prepare_refusal(const Fault& fault) {
  Response response{.status = fault.status};
  response.headers.emplace_back("Content-Type", "text/plain");
  response.body = std::make_shared<const std::string>(std::string(fault.text) + "\n");
  prepare(std::move(response), Persistence::close, {});
}

/// Tries to send without suspending: most responses fit the socket's buffer.
template <class Stream>
typename Session<Stream>::Written Session<Stream>::write_now() {
  if constexpr (kTls) return Written::part;
  if constexpr (!kTls) {
    const std::array<asio::const_buffer, 2> parts = {
        asio::buffer(head_), body_ ? asio::buffer(*body_) : asio::const_buffer()};
    error_code ec;
    sent_ = stream_.write_some(parts, ec);
    if (sent_ == asio::buffer_size(parts)) return Written::all;
    gone_ = ec && ec != asio::error::would_block;
    return gone_ ? Written::failed : Written::part;
  }
}

/// Sends the rest of head and body.
template <class Stream>
asio::awaitable<bool> Session<Stream>::send() {
  begin(Phase::write);
  std::array<asio::const_buffer, 2> parts = {asio::buffer(head_),
                                             body_ ? asio::buffer(*body_) : asio::const_buffer()};
  const auto of_head = std::min(sent_, head_.size());
  parts[0] += of_head;
  parts[1] += sent_ - of_head;
  const auto written = co_await asio::async_write(stream_, parts, kNoThrow);
  gone_ = static_cast<bool>(std::get<0>(written));
  sent_ = 0;
  co_return !gone_;
}

/// Closes so that the peer still gets the last response. While bytes from the peer are unread, a
/// plain close would reset the connection (RFC 9112 section 9.6).
template <class Stream>
asio::awaitable<void> Session<Stream>::close() {
  begin(Phase::linger);
  if constexpr (kTls) {
    co_await stream_.async_shutdown(kNoThrow);
  }
  error_code ec;
  socket().shutdown(tcp::socket::shutdown_send, ec);
  std::array<char, 4096> thrown_away{};
  for (std::size_t taken = 0; !ec && !expired_ && !aborted_ && taken < kLingerBytes;) {
    const auto got = co_await socket().async_read_some(asio::buffer(thrown_away), kNoThrow);
    ec = std::get<0>(got);
    taken += std::get<1>(got);
  }
}

}  // namespace

asio::awaitable<void> serve(tcp::socket socket, tcp::endpoint peer, Loop& loop) {
  if (auto* tls = loop.shared().tls.get()) {
    TlsStream stream(std::move(socket), *tls);
    Session<TlsStream> session(std::move(stream), peer, loop);
    co_await session.run();
  } else {
    Session<tcp::socket> session(std::move(socket), peer, loop);
    co_await session.run();
  }
}

}  // namespace mcpauth::net
