#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcpauth {

/// What went wrong, as far as a caller can act on it. The command line maps each value to an exit
/// status (cli/exit.cpp) and a server maps it to an HTTP status; nothing else branches on it.
enum class Errc {
  usage,         ///< the command line or a call's arguments are wrong
  config,        ///< a configuration or policy file is wrong
  input,         ///< bytes from outside do not parse, or break a stated rule or limit
  not_found,     ///< the named thing does not exist
  exists,        ///< the thing to create is already there and would be overwritten
  denied,        ///< the request was understood and the answer is no
  unverifiable,  ///< the key or checkpoint that is needed to decide is not available
  needs_person,  ///< a login, consent or passphrase is needed
  interrupted,   ///< the person who was asked pressed Ctrl-C
  io,            ///< file or stream
  network,       ///< could not reach or finish talking to the peer
  timeout,       ///< the peer was reached but too slow
  crypto,        ///< the crypto library refused or failed
};

/// The stable kebab name of a code, as shown in `error[CODE]` and in JSON.
std::string_view name(Errc code);

/// One thing wrong in a file, for readers of the file. Lines and columns count from 1; columns are
/// code points; 0 means unknown.
struct Problem {
  std::string file = {};
  unsigned line = 0;
  unsigned column = 0;
  std::string message = {};
  std::string hint = {};

  /// "file:line:column: message", without the parts that are unknown.
  std::string text() const;
};

/// Message style: starts lower case, no final period, text from outside in `backquotes`, one line.
/// Text from outside is stored unchanged; the code that prints it escapes it.
struct Error {
  Errc code;
  std::string message = {};
  std::string hint = {};               ///< what a person could do next; may be empty
  std::string why = {};                ///< the detail behind it, such as a status; may be empty
  std::string_view reason = {};        ///< the stable code (base/reason.hpp) when the answer is no
  std::vector<Problem> problems = {};  ///< every place that is wrong, when a file is

  /// Prefixes the message with what the caller was doing: "open vault: no such file".
  Error context(std::string_view doing) && {
    message.insert(0, ": ").insert(0, doing);
    return std::move(*this);
  }
};

/// One Error for all that is wrong in a file. `problems` is not empty.
Error error_from(Errc code, std::vector<Problem> problems);

}  // namespace mcpauth
