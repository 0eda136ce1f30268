#include "core/keys/diff.hpp"

#include <algorithm>

#include "core/codec/format.hpp"
#include "core/codec/list.hpp"

namespace mcpauth::keys {
namespace {

/// A key with its thumbprint, computed once.
struct Known {
  const jose::Jwk* jwk;
  std::string thumbprint;
};

std::vector<Known> known(const jose::KeySet& set) {
  std::vector<Known> list;
  for (const jose::Jwk& jwk : set.keys())
    list.push_back({&jwk, jose::thumbprint(jwk.key)});
  return list;
}

const Known* same_key(const std::vector<Known>& list, const Known& key) {
  const auto found = std::ranges::find(list, key.thumbprint, &Known::thumbprint);
  return found == list.end() ? nullptr : &*found;
}

/// Whether the key is there with the same kid and alg. A set may have one key under several kids.
bool holds(const std::vector<Known>& list, const Known& key) {
  return std::ranges::any_of(list, [&](const Known& candidate) {
    return candidate.thumbprint == key.thumbprint && candidate.jwk->kid == key.jwk->kid &&
           candidate.jwk->alg == key.jwk->alg;
  });
}

std::string alg_text(const jose::Jwk& jwk) {
  return jwk.alg ? std::string(crypto::name(*jwk.alg)) : "none named";
}

std::string how_changed(const jose::Jwk& before, const jose::Jwk& after) {
  std::vector<std::string> details;
  if (before.kid != after.kid) details.push_back(text::format("kid was `{}`", before.kid));
  if (before.alg != after.alg) {
    details.push_back(text::format("alg was {}, is {}", alg_text(before), alg_text(after)));
  }
  return text::join(details, "; ");
}

/// Finds kids that now name another key. Verifiers that cached the old set refuse what it signs.
void find_reused_kids(const std::vector<Known>& before, const std::vector<Known>& after,
                      Difference& difference) {
  for (const Known& key : after) {
    if (key.jwk->kid.empty()) continue;
    const auto old = std::ranges::find_if(before, [&](const Known& candidate) {
      return candidate.jwk->kid == key.jwk->kid && candidate.thumbprint != key.thumbprint;
    });
    if (old == before.end() || same_key(before, key) != nullptr) continue;
    difference.dangers.push_back(text::format(
        "`{}` names another key now: caches of the old set refuse its tokens", key.jwk->kid));
  }
}

}  // namespace

std::string_view name(Change change) {
  switch (change) {
    case Change::added:
      return "added";
    case Change::removed:
      return "removed";
    case Change::changed:
      return "changed";
  }
  return "";
}

Difference compare(const jose::KeySet& before, const jose::KeySet& after) {
  const auto old_keys = known(before);
  const auto new_keys = known(after);
  Difference difference;
  for (const Known& key : new_keys) {
    const Known* old = same_key(old_keys, key);
    if (old == nullptr) {
      difference.changes.push_back({Change::added, key.jwk->kid, key.thumbprint});
    } else if (holds(old_keys, key)) {
      ++difference.kept;
    } else {
      const std::string detail = how_changed(*old->jwk, *key.jwk);
      difference.changes.push_back({Change::changed, key.jwk->kid, key.thumbprint, detail});
      difference.dangers.push_back(text::format(
          "`{}` is the same key under other terms ({}): tokens signed before are refused",
          key.jwk->kid, detail));
    }
  }
  for (const Known& key : old_keys) {
    const bool listed = std::ranges::any_of(difference.changes, [&](const KeyChange& change) {
      return change.change == Change::changed && change.thumbprint == key.thumbprint;
    });
    if (listed || holds(new_keys, key)) continue;
    difference.changes.push_back({Change::removed, key.jwk->kid, key.thumbprint});
  }
  find_reused_kids(old_keys, new_keys, difference);
  if (difference.kept == 0 && !difference.changes.empty()) {
    difference.dangers.emplace_back(
        "no key is in both sets: tokens of the old keys are refused at once, and caches of the old "
        "set refuse the new ones");
  }
  return difference;
}

}  // namespace mcpauth::keys
