#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcpauth::http {

/// Collects the head of a response line by line, within bounds. The headers of interim responses
/// (1xx) count towards the bounds and are dropped. Trailers after the body are ignored.
class HeadReader {
 public:
  static constexpr std::size_t kMaxBytes = 64 * 1024;
  static constexpr std::size_t kMaxHeaders = 100;

  /// Takes a line with its line end. False when a bound is passed or the line is not a header;
  /// `problem` then says what is wrong.
  bool add(std::string_view line);
  /// From now on every line is a trailer.
  void body_begins() { in_body_ = true; }

  std::string_view problem() const { return problem_; }
  std::vector<std::pair<std::string, std::string>> take_headers() { return std::move(headers_); }

 private:
  bool fail(std::string_view problem);

  std::vector<std::pair<std::string, std::string>> headers_;
  std::size_t bytes_ = 0;
  bool in_body_ = false;
  std::string_view problem_;
};

/// Whether a header may be sent: its name is a token and its value has no control characters
/// (RFC 9110 section 5), so that it stays one header on the wire.
bool is_sendable_header(std::string_view name, std::string_view value);

}  // namespace mcpauth::http
