#pragma once

#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "core/net/loop.hpp"

namespace mcpauth::net {

/// Serves one connection until the peer leaves, a limit is exceeded or the loop ends it. Uses TLS
/// if the server does. Errors end the session; they are not exceptions. `loop` must outlive it.
boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket,
                                   boost::asio::ip::tcp::endpoint peer, Loop& loop);

}  // namespace mcpauth::net
