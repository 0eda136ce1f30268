#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/codec/json.hpp"
#include "core/http/client.hpp"

namespace mcpauth::oauth {

/// A URL for a message, without its query and without what is before an `@`: both may hold a
/// secret.
std::string shown(std::string_view url);

/// Refuses an answer that cannot be a JSON document: Errc::network for a status other than 200 and
/// Errc::input for a web page. Names the URL.
Result<void> expect_document(const http::Response& response, std::string_view url);

/// The string member of this name, or null when it is absent. Another type is Errc::input.
Result<const std::string*> string_member(const json::Value& object, std::string_view name);

}  // namespace mcpauth::oauth
