#pragma once

#include <string>
#include <vector>

#include "unit/core/policy/engine/random_world.hpp"

/// Small random policies for what the rules ask: several IdPs and orgs, lists that overlap, with a
/// catalogue or without one. The same seed gives the same.
namespace linting {

using reference::Dice;
using Strings = std::vector<std::string>;

inline const Strings kOkta{"okta:A", "okta:B", "okta:C"};
inline const Strings kEntra{"entra:A", "entra:D"};
inline const Strings kSegments{"a", "b", "y", "z"};  // no pattern names the last two

/// Every scope of up to three segments.
inline Strings all_scopes() {
  Strings out;
  Strings level{""};
  for (int depth = 0; depth < 3; ++depth) {
    Strings next;
    for (const auto& prefix : level) {
      for (const auto& segment : kSegments)
        next.push_back(prefix.empty() ? segment : prefix + ":" + segment);
    }
    out.insert(out.end(), next.begin(), next.end());
    level = std::move(next);
  }
  return out;
}

class RandomPolicy {
 public:
  explicit RandomPolicy(unsigned seed) : dice_(seed) {
    if (dice_.one_in(2)) {
      for (unsigned i = 3 + dice_.below(8); i > 0; --i) {
        const auto scope = concrete();
        if (std::ranges::find(catalogue_, scope) == catalogue_.end()) catalogue_.push_back(scope);
      }
    }
  }

  /// The scopes to ask about: all that there are, as far as these policies can tell.
  Strings scopes() const { return catalogue_.empty() ? all_scopes() : catalogue_; }

  std::string text() {
    std::string out = "version = 1\n";
    if (!catalogue_.empty()) {
      out += "[scopes]\n";
      for (const auto& scope : catalogue_)
        out += "\"" + scope + "\" = {}\n";
    }
    out += tools() + roles();
    for (unsigned i = 1 + dice_.below(6); i > 0; --i)
      out += grant();
    return out + orgs() + separations();
  }

 private:
  std::string concrete() {
    std::string out = dice_.one_in(2) ? "a" : "b";
    for (unsigned i = dice_.below(3); i > 0; --i)
      out += dice_.one_in(2) ? ":a" : ":b";
    return out;
  }
  std::string pattern() {
    if (dice_.one_in(3)) return catalogue_.empty() ? concrete() : dice_.pick(catalogue_);
    const unsigned size = 1 + dice_.below(2);
    std::string out;
    for (unsigned i = 1; i <= size; ++i) {
      if (i > 1) out += ":";
      const bool wild = i == size || dice_.one_in(3);
      out += !wild ? (dice_.one_in(2) ? "a" : "b") : i == size && dice_.one_in(2) ? "**" : "*";
    }
    return out;
  }
  Strings patterns(unsigned least, unsigned most) {
    Strings out;
    for (unsigned i = least + dice_.below(most - least + 1); i > 0; --i)
      out.push_back(pattern());
    return out;
  }
  std::string list(const Strings& items) {
    std::string out = "[";
    const bool lines = dice_.one_in(4);
    for (const auto& item : items) {
      out += lines ? "\n  \"" + item + "\"," : (out.size() > 1 ? ", \"" : "\"") + item + "\"";
      if (lines && dice_.one_in(3)) out += "  # for a reason, or \"two\"";
    }
    return out + (lines ? "\n]" : "]");
  }

  std::string tools() {
    std::string out = "[tools]\n";
    for (unsigned i = 0; i < dice_.below(4); ++i) {
      Strings needs;
      for (unsigned n = dice_.one_in(5) ? 0 : 1 + dice_.below(2); n > 0; --n)
        needs.push_back(catalogue_.empty() ? concrete() : dice_.pick(catalogue_));
      out += "\"s/t" + std::to_string(i) + "\" = " + list(needs) + "\n";
    }
    return out;
  }
  std::string roles() {
    std::string out;
    for (unsigned i = 1 + dice_.below(5); i > 0; --i) {
      Strings inherits;
      if (!names_.empty()) {
        for (unsigned n = dice_.below(3); n > 0; --n)
          inherits.push_back(dice_.pick(names_));
      }
      names_.push_back("r" + std::to_string(i));
      if (dice_.one_in(4)) out += "\n# about " + names_.back() + "\n";
      out += "[roles." + names_.back() + "]\n";
      if (!inherits.empty()) out += "inherits = " + list(inherits) + "\n";
      out += "scopes = " + list(patterns(0, 3)) + "\n";
      if (dice_.one_in(2)) out += "deny = " + list(patterns(1, 2)) + "\n";
      if (dice_.one_in(4)) out += "ttl = \"" + std::to_string(5 + dice_.below(3)) + "m\"\n";
    }
    return out;
  }
  std::string grant() {
    const auto group = [&] { return dice_.pick(dice_.one_in(3) ? kEntra : kOkta); };
    Strings groups{group()};
    if (dice_.one_in(2)) groups.push_back(group());
    std::string out =
        "[[grant]]\nrole = \"" + dice_.pick(names_) + "\"\ngroups = " + list(groups) + "\n";
    if (dice_.one_in(2)) out += dice_.one_in(3) ? "org = \"zeta\"\n" : "org = \"acme\"\n";
    if (dice_.one_in(4))
      out += dice_.one_in(2) ? "expires = 2026-06-30\n" : "expires = 2027-06-30\n";
    return out;
  }
  std::string orgs() {
    if (dice_.one_in(2)) return "";
    const Strings idps = dice_.one_in(4)   ? Strings{}
                         : dice_.one_in(3) ? Strings{"entra", "okta"}
                                           : Strings{"okta"};
    return "[orgs.acme]\nidps = " + list(idps) + "\n";
  }
  std::string separations() {
    std::string out;
    for (unsigned i = dice_.below(3); i > 0; --i) {
      out += "[[separation]]\nname = \"s" + std::to_string(i) +
             "\"\nnever_both = " + list(patterns(2, 3)) + "\n";
    }
    return out;
  }

  Dice dice_;
  Strings catalogue_;
  Strings names_;
};

/// Every principal that can be told apart: each org named and one that is not, and any of the
/// groups of one IdP.
inline std::vector<mcpauth::policy::Principal> all_principals() {
  std::vector<mcpauth::policy::Principal> out;
  for (const std::string org : {"acme", "zeta", "nowhere"}) {
    for (const auto* groups : {&kOkta, &kEntra}) {
      for (unsigned set = 1; set < (1U << groups->size()); ++set) {
        mcpauth::policy::Principal principal{
            .idp = groups->front().substr(0, groups->front().find(':')),
            .subject = "x",
            .org = org,
            .groups = {},
            .client_id = {}};
        for (unsigned i = 0; i < groups->size(); ++i) {
          if ((set >> i & 1U) != 0) principal.groups.push_back((*groups)[i]);
        }
        out.push_back(std::move(principal));
      }
    }
  }
  return out;
}

}  // namespace linting
