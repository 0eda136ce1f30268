// We scan the head before Beast sees it, because Beast unfolds folded headers and accepts several
// things that we refuse. Beast gets a head only when it is whole. So the views that it hands out
// point into our buffer, which does not move until the request is answered.
#include "core/net/request_reader.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include <boost/beast/http/basic_parser.hpp>

#include "core/codec/ascii.hpp"

namespace mcpauth::net {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::size_t kBufferBytes = 4096;
constexpr std::size_t kBodyWindow = 1024;  // room after the head for pieces of the body
constexpr std::size_t kKeptBodyBytes = 16 * 1024;

// What remains of a chunked body is never shorter than "0\r\n\r\n"; Beast 1.81 asserts that it gets
// as much once it has seen the last chunk's line.
constexpr std::size_t kLeastChunked = 5;

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

bool is_path(std::string_view target) {
  return target.starts_with('/') && std::ranges::all_of(target, [](char c) {
           return c > 0x20 && c < 0x7f && c != '#' && c != '\\';
         });
}

bool is_host(std::string_view host) {
  constexpr std::string_view kAllowed =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._:[]";
  return !host.empty() && host.find_first_not_of(kAllowed) == std::string_view::npos;
}

/// The path of a target in absolute form, which a server must take as well (RFC 9112 section
/// 3.2.2). Any other target is returned as it is. Empty when the authority is not a host.
std::string_view origin_form(std::string_view target) {
  const auto scheme = target.substr(0, target.find("://"));
  if (!text::equal_ignoring_case(scheme, "http") && !text::equal_ignoring_case(scheme, "https"))
    return target;
  if (scheme.size() == target.size()) return target;
  const auto rest = target.substr(scheme.size() + 3);
  const auto authority = rest.substr(0, rest.find_first_of("/?"));
  if (!is_host(authority)) return {};
  return authority.size() == rest.size() ? "/" : rest.substr(authority.size());
}

bool is_length(std::string_view text) {
  return !text.empty() && text.size() <= 18 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

struct Scan {
  enum class Found { nothing, end, fault } found = Found::nothing;
  std::size_t at = 0;
  std::string_view fault = {};
};

/// Looks for the empty line from `from` on, and refuses what must not be in a head.
Scan scan_head(std::span<const char> head, std::size_t from) {
  for (std::size_t i = from; i < head.size(); ++i) {
    const char c = head[i];
    const char before = i > 0 ? head[i - 1] : '\0';
    if (before == '\r' && c != '\n') return {Scan::Found::fault, i, "a bare carriage return"};
    if (c == '\n') {
      if (before != '\r') return {Scan::Found::fault, i, "a bare line feed"};
      if (i >= 3 && head[i - 2] == '\n') return {Scan::Found::end, i + 1};
    } else if (before == '\n' && (c == ' ' || c == '\t')) {
      return {Scan::Found::fault, i, "a folded header"};
    } else if ((static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\r') || c == 0x7f) {
      return {Scan::Found::fault, i, "a control character"};
    }
  }
  return {Scan::Found::nothing, head.size()};
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (text::equal_ignoring_case(key, name)) return value;
  }
  return {};
}

struct RequestReader::Parser {
  class Sink final : public http::basic_parser<true> {
   public:
    Sink(Request& request, std::string& body) : request_(request), body_(body) {}

    unsigned version = 0;
    unsigned hosts = 0, lengths = 0, encodings = 0, expectations = 0;
    bool fields_fit = true;

   private:
    void on_request_impl(http::verb, beast::string_view method, beast::string_view target,
                         int http_version, beast::error_code& ec) override {
      ec = {};
      request_.method = view(method);
      request_.target = view(target);
      version = static_cast<unsigned>(http_version);
    }
    void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
    void on_field_impl(http::field name, beast::string_view name_text, beast::string_view value,
                       beast::error_code& ec) override {
      ec = {};
      if (is_header_done()) return;  // a trailer: nothing here uses one
      note(name, view(value));
      request_.headers.emplace_back(view(name_text), view(value));
    }
    void on_header_impl(beast::error_code& ec) override { ec = {}; }
    void on_body_init_impl(boost::optional<std::uint64_t> const&, beast::error_code& ec) override {
      ec = {};
    }
    std::size_t on_body_impl(beast::string_view part, beast::error_code& ec) override {
      ec = {};
      body_.append(part.data(), part.size());
      return part.size();
    }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code& ec) override {
      ec = {};
    }
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view part,
                                   beast::error_code& ec) override {
      return on_body_impl(part, ec);
    }
    void on_finish_impl(beast::error_code& ec) override { ec = {}; }

    void note(http::field name, std::string_view value) {
      if (name == http::field::host) {
        ++hosts;
        fields_fit = fields_fit && is_host(value);
      } else if (name == http::field::content_length) {
        ++lengths;
        fields_fit = fields_fit && is_length(value);
      } else if (name == http::field::transfer_encoding) {
        ++encodings;
        fields_fit = fields_fit && text::equal_ignoring_case(value, "chunked");
      } else if (name == http::field::expect) {
        expectations += text::equal_ignoring_case(value, "100-continue") ? 1U : 2U;
      }
    }

    Request& request_;
    std::string& body_;
  };

  std::optional<Sink> sink;
};

RequestReader::RequestReader(const Limits& limits)
    : limits_(limits), buffer_(kBufferBytes), parser_(std::make_unique<Parser>()) {}

RequestReader::~RequestReader() = default;

RequestReader::Step RequestReader::refuse(unsigned status, std::string_view text) {
  fault_ = {.status = status, .text = text};
  return Step::bad;
}

RequestReader::Step RequestReader::advance() {
  switch (stage_) {
    case Stage::head:
      return read_head();
    case Stage::body:
      return read_body();
    case Stage::complete:
      break;
  }
  return Step::complete;
}

/// Grows the buffer until `wanted` bytes more fit, up to the limit.
bool RequestReader::make_room(std::size_t wanted) {
  const std::size_t most = limits_.header_bytes + kBodyWindow;
  if (buffer_.size() - end_ >= wanted) return true;
  if (buffer_.size() >= most) return false;
  buffer_.resize(std::min(most, std::max(buffer_.size() * 2, end_ + wanted)));
  return buffer_.size() - end_ >= wanted;
}

RequestReader::Step RequestReader::read_head() {
  // RFC 9112 section 2.2: an empty line before the request line is ignored.
  while (scanned_ == 0 && end_ >= 2 && buffer_[0] == '\r' && buffer_[1] == '\n') {
    end_ -= 2;
    std::memmove(buffer_.data(), buffer_.data() + 2, end_);
  }
  if (end_ == 1 && buffer_[0] == '\r') return Step::need_more;
  const auto scan = scan_head(std::span(buffer_).first(end_), scanned_);
  if (scan.found == Scan::Found::fault) return refuse(400, scan.fault);
  scanned_ = scan.at;
  if (scanned_ > limits_.header_bytes) return refuse(431, "the headers are too long");
  if (scan.found == Scan::Found::end) return take_head();
  if (end_ >= limits_.header_bytes || !make_room(1)) {
    return refuse(431, "the headers are too long");
  }
  return Step::need_more;
}

RequestReader::Step RequestReader::take_head() {
  head_size_ = body_at_ = scanned_;
  // From here on, views point into the buffer, so it must not grow any more.
  if (buffer_.size() - head_size_ < kBodyWindow) buffer_.resize(head_size_ + kBodyWindow);
  auto& sink = parser_->sink.emplace(request_, body_);
  sink.eager(true);
  sink.header_limit(limits_.header_bytes + 1);
  sink.body_limit(limits_.body_bytes);
  beast::error_code ec;
  sink.put({buffer_.data(), head_size_}, ec);
  if (ec == http::error::body_limit) return refuse(413, "the body is too long");
  if (ec == http::error::bad_version) return refuse(505, "the HTTP version is not supported");
  if (ec && ec != http::error::need_more) return refuse(400, "the request line or a header is bad");
  const bool http11 = sink.version == 11;
  request_.target = origin_form(request_.target);
  if (!is_path(request_.target)) return refuse(400, "the target is not a path");
  if (sink.hosts > 1 || (http11 && sink.hosts == 0)) return refuse(400, "not one Host header");
  if (sink.lengths + sink.encodings > 1) return refuse(400, "the body has two lengths");
  if (!http11 && sink.encodings > 0) return refuse(400, "HTTP/1.0 has no Transfer-Encoding");
  if (!sink.fields_fit) {
    return refuse(400, "Host, Content-Length or Transfer-Encoding has a bad value");
  }
  if (sink.expectations > 1) return refuse(417, "only 100-continue can be expected");
  const auto mark = request_.target.find('?');
  request_.path = request_.target.substr(0, mark);
  if (mark != std::string_view::npos) request_.query = request_.target.substr(mark + 1);
  if (sink.is_done()) return finish();
  stage_ = Stage::body;
  if (http11 && sink.expectations == 1 && end_ == head_size_) return Step::want_continue;
  return read_body();
}

RequestReader::Step RequestReader::read_body() {
  auto& sink = *parser_->sink;
  beast::error_code ec;
  while (!sink.is_done()) {
    const std::size_t left = end_ - body_at_;
    if (ec == http::error::need_more || left < (sink.chunked() ? kLeastChunked : 1)) {
      std::memmove(buffer_.data() + head_size_, buffer_.data() + body_at_, left);
      body_at_ = head_size_;
      end_ = head_size_ + left;
      return end_ < buffer_.size() ? Step::need_more : refuse(400, "a chunk's line is too long");
    }
    body_at_ += sink.put({buffer_.data() + body_at_, left}, ec);
    if (ec == http::error::body_limit) return refuse(413, "the body is too long");
    if (ec && ec != http::error::need_more) return refuse(400, "a chunk of the body is bad");
  }
  return finish();
}

RequestReader::Step RequestReader::finish() {
  request_.body = body_;
  stage_ = Stage::complete;
  return Step::complete;
}

bool RequestReader::keep_alive() const {
  return parser_->sink && parser_->sink->version == 11 && parser_->sink->keep_alive();
}

void RequestReader::next() {
  end_ -= body_at_;
  std::memmove(buffer_.data(), buffer_.data() + body_at_, end_);
  if (buffer_.size() > 2 * kBufferBytes && end_ <= kBufferBytes) {
    buffer_.resize(kBufferBytes);
    buffer_.shrink_to_fit();
  }
  body_.clear();
  if (body_.capacity() > kKeptBodyBytes) body_ = {};
  request_.headers.clear();
  request_.method = request_.target = request_.path = request_.query = request_.body = {};
  scanned_ = head_size_ = body_at_ = 0;
  stage_ = Stage::head;
}

}  // namespace mcpauth::net
