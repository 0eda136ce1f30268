#pragma once

#include <string>
#include <string_view>

namespace mcpauth::html {

/// Makes text from outside safe in HTML and XML, in an element or in a quoted attribute. Markup is
/// escaped, and characters that are invisible or not allowed in XML are shown (text::printable).
std::string escaped(std::string_view from_outside);

/// What begins a page. Only the title is escaped.
struct PageHead {
  std::string_view title;
  std::string_view style;      ///< CSS
  std::string_view skip_to;    ///< the id of the part that the first link leads to
  std::string_view skip_text;  ///< the text of that link
};

/// The start of a page, into its body. Its Content-Security-Policy lets the page run no script and
/// load nothing.
std::string page_start(const PageHead& head);

inline constexpr std::string_view kPageEnd = "</body>\n</html>\n";

}  // namespace mcpauth::html
