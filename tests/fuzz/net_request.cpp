#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "core/base/panic.hpp"
#include "core/net/request_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using mcpauth::net::RequestReader;
using Step = RequestReader::Step;

constexpr mcpauth::net::Limits kLimits{.header_bytes = 512, .body_bytes = 256};

void must(bool holds, const char* why) {
  if (!holds) mcpauth::panic(why);
}

/// One line for each request in these bytes. An error may be noticed a few bytes earlier or later,
/// but it is always an error.
std::vector<std::string> requests_of(std::string_view bytes, std::size_t piece) {
  std::vector<std::string> seen;
  RequestReader reader(kLimits);
  while (true) {
    const auto step = reader.advance();
    if (step == Step::bad) {
      must(reader.fault().status >= 400 && !reader.fault().text.empty(), "a fault says nothing");
      return seen;
    }
    if (step == Step::complete) {
      const auto& request = reader.request();
      must(request.target.starts_with('/'), "a target is not a path");
      must(request.body.size() <= kLimits.body_bytes, "a body is over the limit");
      std::string line(request.method);
      for (const auto& [name, value] : request.headers)
        line.append(name).append(value);
      seen.push_back(line.append(request.target).append(request.body));
      reader.next();
    } else if (step == Step::need_more) {
      const auto space = reader.space();
      must(!space.empty(), "more is wanted and there is no room");
      if (bytes.empty()) return seen;
      const auto count = std::min({space.size(), bytes.size(), piece});
      std::memcpy(space.data(), bytes.data(), count);
      reader.commit(count);
      bytes.remove_prefix(count);
    }
  }
}

}  // namespace

// The requests are the same however the network cuts the bytes.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = requests_of(bytes.substr(1), size);
  must(whole == requests_of(bytes.substr(1), 1), "byte by byte the requests are others");
  must(whole == requests_of(bytes.substr(1), data[0] % 32U + 2U), "in pieces they are others");
  return 0;
}
