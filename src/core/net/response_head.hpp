#pragma once

#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/net/server.hpp"

namespace mcpauth::net {

enum class Persistence { keep, close };

/// Whether a response of this status has a body at all (RFC 9110 section 6.4.1).
bool may_have_body(unsigned status);

/// Replaces `out` with the status line, the headers and the empty line of the response. `date` is a
/// whole header line. False when the response cannot be sent.
bool write_head(std::string& out, const Response& response, std::string_view date,
                Persistence persistence);

/// "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" (RFC 9110 section 5.6.7).
std::string date_line(Instant now);

}  // namespace mcpauth::net
