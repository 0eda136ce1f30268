#pragma once

#include <string_view>

#include "core/base/error.hpp"

namespace mcpauth::cli {

/// Exit statuses. They are an interface: see EXIT STATUS in man/mcpauth.1.
enum class Exit : int {
  ok = 0,             ///< yes, done, clean, allowed
  no = 1,             ///< the answer is no: invalid, denied, findings, different
  usage = 2,          ///< the command line or a configuration file is wrong
  failure = 3,        ///< could not answer: I/O, network, unreadable input
  unverifiable = 4,   ///< the key, kid or checkpoint is not available
  person = 5,         ///< needs a login or a passphrase
  interrupted = 130,  ///< Ctrl-C, as shells count it
};

/// The only mapping from error codes to exit statuses.
Exit exit_for(Errc code);

/// A status in words, for help and man pages.
std::string_view meaning(Exit status);

}  // namespace mcpauth::cli
