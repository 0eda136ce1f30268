#include "core/net/response_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include <boost/beast/http/status.hpp>

#include "core/base/panic.hpp"
#include "core/codec/ascii.hpp"

namespace mcpauth::net {
namespace {

bool is_ours(std::string_view name) {
  constexpr std::array<std::string_view, 4> kOurs = {"connection", "content-length", "date",
                                                     "transfer-encoding"};
  return std::ranges::any_of(
      kOurs, [&](std::string_view ours) { return text::equal_ignoring_case(name, ours); });
}

bool fits(std::string_view name, std::string_view value) {
  constexpr std::string_view kToken =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
  if (name.empty() || name.find_first_not_of(kToken) != std::string_view::npos) return false;
  if (is_ours(name)) return false;
  return std::ranges::none_of(value, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

bool append(std::string& out, const Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (!fits(name, value)) return false;
    out.append(name).append(": ").append(value).append("\r\n");
  }
  return true;
}

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace

std::shared_ptr<const std::string> header_lines(const Headers& headers) {
  std::string lines;
  if (!append(lines, headers)) panic("a fixed header does not fit a header line");
  return std::make_shared<const std::string>(std::move(lines));
}

bool may_have_body(unsigned status) {
  return status >= 200 && status != 204 && status != 304;
}

bool write_head(std::string& out, const Response& response, std::string_view date,
                Persistence persistence) {
  if (response.status < 200 || response.status > 599) return false;
  const auto reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(response.status));
  out.assign("HTTP/1.1 ");
  append_number(out, response.status);
  out.append(" ").append(reason.data(), reason.size()).append("\r\n");
  out.append(date);
  if (response.lines) out.append(*response.lines);
  if (!append(out, response.headers)) return false;
  if (may_have_body(response.status)) {
    out.append("Content-Length: ");
    append_number(out, response.body ? response.body->size() : 0);
    out.append("\r\n");
  }
  if (persistence == Persistence::close) out.append("Connection: close\r\n");
  out.append("\r\n");
  return true;
}

std::string date_line(Instant now) {
  constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                     "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(now - day);
  const auto two = [](auto number) {
    const auto n = static_cast<int>(number);
    return std::string{static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)};
  };
  std::string line("Date: ");
  line.append(kDays.at(std::chrono::weekday(day).c_encoding())).append(", ");
  line.append(two(static_cast<unsigned>(date.day()))).append(" ");
  line.append(kMonths.at(static_cast<unsigned>(date.month()) - 1)).append(" ");
  line.append(std::to_string(static_cast<int>(date.year()))).append(" ");
  line.append(two(time.hours().count())).append(":");
  line.append(two(time.minutes().count())).append(":");
  line.append(two(time.seconds().count())).append(" GMT\r\n");
  return line;
}

}  // namespace mcpauth::net
