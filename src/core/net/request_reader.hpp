#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/net/server.hpp"

namespace mcpauth::net {

/// What the peer did wrong, in words for the peer. The texts are fixed and never repeat the
/// request.
struct Fault {
  unsigned status = 400;
  std::string_view text = {};
};

/// Reads requests from a stream of bytes (RFC 9112), one at a time, without I/O. Refuses what two
/// parsers could read differently: Content-Length with Transfer-Encoding or more than once, folded
/// headers, bare CR or LF, control characters, a missing or second Host, and a target that is
/// neither a path nor an http(s) URL.
class RequestReader {
 public:
  enum class Step {
    need_more,      ///< put bytes into `space`, then call `commit`
    want_continue,  ///< the peer waits for a 100 before it sends the body
    complete,       ///< `request` is complete; call `next` when it is answered
    bad,            ///< `fault` says why; the connection cannot go on
  };

  explicit RequestReader(const Limits& limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// Where the next bytes go. Never empty after `need_more`.
  std::span<char> space() { return std::span(buffer_).subspan(end_); }
  void commit(std::size_t count) { end_ += count; }
  Step advance();

  const Request& request() const { return request_; }
  /// The same, and sets its `peer`.
  const Request& request_from(std::string_view peer) {
    request_.peer = peer;
    return request_;
  }
  /// Whether the peer allows the connection to continue after this request. Never with HTTP/1.0.
  bool keep_alive() const;
  const Fault& fault() const { return fault_; }

  bool has_bytes() const { return end_ > 0; }
  bool in_body() const { return stage_ == Stage::body; }

  /// Drops the complete request. Views into it become invalid.
  void next();

 private:
  enum class Stage { head, body, complete };
  struct Parser;

  Step refuse(unsigned status, std::string_view text);
  Step read_head();
  Step take_head();
  Step read_body();
  Step finish();
  bool make_room(std::size_t wanted);

  const Limits& limits_;
  Stage stage_ = Stage::head;
  std::vector<char> buffer_;
  std::size_t end_ = 0;        ///< of the bytes received
  std::size_t scanned_ = 0;    ///< of the head
  std::size_t head_size_ = 0;  ///< 0 until the empty line was seen
  std::size_t body_at_ = 0;    ///< first byte not yet given to the parser
  std::string body_;
  Request request_;
  Fault fault_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace mcpauth::net
