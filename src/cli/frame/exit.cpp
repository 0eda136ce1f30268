#include "cli/frame/exit.hpp"

#include "core/base/panic.hpp"

namespace mcpauth::cli {

Exit exit_for(Errc code) {
  switch (code) {
    case Errc::denied:
      return Exit::no;
    case Errc::usage:
    case Errc::config:
    case Errc::exists:
      return Exit::usage;
    case Errc::unverifiable:
      return Exit::unverifiable;
    case Errc::needs_person:
      return Exit::person;
    case Errc::interrupted:
      return Exit::interrupted;
    case Errc::input:
    case Errc::not_found:
    case Errc::io:
    case Errc::network:
    case Errc::timeout:
    case Errc::crypto:
      return Exit::failure;
  }
  panic("an Errc without an exit status");
}

std::string_view meaning(Exit status) {
  switch (status) {
    case Exit::ok:
      return "yes, done, clean or allowed";
    case Exit::no:
      return "the answer is no: invalid, denied, findings or different";
    case Exit::usage:
      return "the command line or the configuration is wrong";
    case Exit::failure:
      return "could not answer: I/O, network or unreadable input";
    case Exit::unverifiable:
      return "cannot be verified: the key or checkpoint is not available";
    case Exit::person:
      return "needs a person: a login or a passphrase";
    case Exit::interrupted:
      return "interrupted by Ctrl-C";
  }
  panic("an exit status without a meaning");
}

}  // namespace mcpauth::cli
