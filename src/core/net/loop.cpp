#include "core/net/loop.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <tuple>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>

#include "core/codec/format.hpp"
#include "core/net/response_head.hpp"
#include "core/net/session.hpp"

namespace mcpauth::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// How late a deadline may be noticed. All connections of a loop share one timer, because two timer
/// operations per request would cost more than the parsing.
constexpr std::chrono::milliseconds kTick{100};
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr int kBacklog = 4096;
/// A peer that we have waited for less than this is closed only when there is no other to close.
constexpr std::chrono::seconds kSpared{1};

Error cannot_listen(const tcp::endpoint& endpoint, const error_code& ec) {
  const auto address = endpoint.address().to_string();
  return Error{
      .code = Errc::io,
      .message = text::format("cannot listen on `{}:{}`: {}",
                              endpoint.address().is_v6() ? text::format("[{}]", address) : address,
                              endpoint.port(), ec.message()),
      .hint = ec == asio::error::address_in_use
                  ? "another process listens there (`ss -ltnp`): choose another port"
                  : "choose an address of this machine and a port that you may use"};
}

bool out_of_descriptors(const error_code& ec) {
  return ec == boost::system::errc::too_many_files_open ||
         ec == boost::system::errc::too_many_files_open_in_system;
}

bool set_flag(int socket, int level, int name) {
  const int on = 1;
  return ::setsockopt(socket, level, name, &on, sizeof(on)) == 0;
}

}  // namespace

Loop::Loop(Shared& shared) : shared_(shared), io_(1), acceptor_(io_), pause_(io_), tick_(io_) {}

Result<void> Loop::listen(const tcp::endpoint& endpoint, Port port) {
  error_code ec;
  acceptor_.open(endpoint.protocol(), ec);
  if (ec) return cannot_listen(endpoint, ec);
  const int socket = acceptor_.native_handle();
  ::fcntl(socket, F_SETFD, FD_CLOEXEC);
  acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
  if (endpoint.address().is_v6()) acceptor_.set_option(asio::ip::v6_only(true), ec);
  acceptor_.set_option(tcp::no_delay(true), ec);  // the accepted ones inherit it
  if (port == Port::shared) TRY_VOID(share_port());
  acceptor_.bind(endpoint, ec);
  if (!ec) acceptor_.listen(kBacklog, ec);
  if (ec) return cannot_listen(endpoint, ec);
  return {};
}

Result<void> Loop::share_port() {
  // Set after the first bind. A bind with the option would join a listener of another process that
  // has it too, and each would get a part of the connections.
  if (set_flag(acceptor_.native_handle(), SOL_SOCKET, SO_REUSEPORT)) return {};
  return Error{.code = Errc::io, .message = "cannot share a port between threads"};
}

std::uint16_t Loop::port() const {
  error_code ec;
  return acceptor_.local_endpoint(ec).port();
}

void Loop::run() {
  asio::co_spawn(io_, accept(), asio::detached);
  io_.run();
}

void Loop::stop() {
  asio::post(io_, [this] { drain(); });
}

void Loop::abort() {
  asio::post(io_, [this] {
    drain();
    for (auto* connection : connections_)
      connection->abort();
  });
}

void Loop::drain() {
  if (draining_) return;
  draining_ = true;
  drained_by_ = std::chrono::steady_clock::now() + shared_.limits.drain_time;
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  for (auto* connection : connections_) {
    if (connection->idle()) connection->abort();
  }
  if (connections_.empty()) tick_.cancel();
}

std::list<Connection*>::iterator Loop::enter(Connection& connection) {
  const auto place = connections_.insert(connections_.end(), &connection);
  if (!watching_) watch();
  return place;
}

void Loop::leave(std::list<Connection*>::iterator place) {
  connections_.erase(place);
  --shared_.connections;
  if (draining_ && connections_.empty()) tick_.cancel();
}

std::string_view Loop::date() {
  const auto now = clock_.now();
  if (now != date_of_) {
    date_of_ = now;
    date_ = date_line(now);
  }
  return date_;
}

asio::awaitable<void> Loop::accept() {
  while (!draining_) {
    tcp::endpoint peer;
    auto accepted = co_await acceptor_.async_accept(peer, kNoThrow);
    const auto ec = std::get<0>(accepted);
    if (!ec) {
      admit(std::get<1>(std::move(accepted)), peer);
    } else if (out_of_descriptors(ec) && !draining_ && make_way()) {
      co_await asio::post(kNoThrow);  // until it has ended
    } else if (!draining_ && ec != asio::error::connection_aborted) {
      // Out of descriptors or memory. The connection stays in the backlog; trying again at once
      // would only burn CPU time.
      pause_.expires_after(kAcceptPause);
      co_await pause_.async_wait(kNoThrow);
    }
  }
}

void Loop::admit(tcp::socket socket, const tcp::endpoint& peer) {
  if (draining_) return;
  if (shared_.connections.fetch_add(1) >= shared_.limits.connections && !make_way()) {
    --shared_.connections;
    return;
  }
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
  asio::co_spawn(io_, serve(std::move(socket), peer, *this), asio::detached);
}

/// Closes the connection that is easiest to spare, so that a crowd that sends its requests byte by
/// byte does not keep others out. False when every connection is being answered.
bool Loop::make_way() {
  // First a peer that is late with a request, then one that has none. Last, in the same order,
  // those that have only just come or been answered: in a rush, newcomers would close each other.
  using Order = std::tuple<bool, bool, Deadline>;
  const auto recent = std::chrono::steady_clock::now() - kSpared;
  Connection* spare = nullptr;
  Order best;
  for (auto* connection : connections_) {
    const auto wait = connection->wait();
    if (!wait) continue;
    const Order order{wait->since > recent, wait->answered, wait->since};
    if (spare != nullptr && order >= best) continue;
    spare = connection;
    best = order;
  }
  if (spare != nullptr) spare->abort();
  return spare != nullptr;
}

void Loop::watch() {
  watching_ = true;
  tick_.expires_after(kTick);
  tick_.async_wait([this](const error_code& ec) {
    if (!ec) sweep();
  });
}

void Loop::sweep() {
  const auto now = std::chrono::steady_clock::now();
  const bool over = draining_ && now >= drained_by_;
  for (auto* connection : connections_) {
    if (over) {
      connection->abort();
    } else if (now >= connection->deadline()) {
      connection->expire();
    }
  }
  watching_ = false;
  if (!connections_.empty()) watch();
}

}  // namespace mcpauth::net
