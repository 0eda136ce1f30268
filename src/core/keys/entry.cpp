#include "core/keys/entry.hpp"

namespace mcpauth::keys {

std::string_view name(State state) {
  switch (state) {
    case State::next:
      return "next";
    case State::active:
      return "active";
    case State::retired:
      return "retired";
  }
  return "";
}

std::optional<State> state_named(std::string_view text) {
  for (const State state : {State::next, State::active, State::retired}) {
    if (text == name(state)) return state;
  }
  return std::nullopt;
}

}  // namespace mcpauth::keys
