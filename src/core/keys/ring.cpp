#include "core/keys/ring.hpp"

#include <algorithm>

#include "core/base/panic.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"
#include "core/keys/plan.hpp"
#include "core/keys/store.hpp"

namespace mcpauth::keys {
namespace {

namespace fs = std::filesystem;

/// A change that is being prepared. Nothing is written before `commit`.
struct Draft {
  fs::path directory;
  std::vector<Entry> entries;
  std::vector<jose::SigningKey> made = {};
  std::vector<std::string> steps = {};
};

std::vector<Entry>::iterator find_state(std::vector<Entry>& entries, State state) {
  return std::ranges::find(entries, state, &Entry::state);
}

std::vector<Entry>::iterator find_kid(std::vector<Entry>& entries, std::string_view kid) {
  return std::ranges::find(entries, kid, &Entry::kid);
}

/// The private key of an entry. It must belong to the public key in the ring.
Result<jose::SigningKey> load(const fs::path& directory, const Entry& entry) {
  auto pem = store::read_private(directory, entry.kid);
  if (!pem && pem.error().code == Errc::not_found) {
    auto error = std::move(pem).error();
    error.hint = text::format("put the file back, or `{}`", retire_command(entry.kid));
    return error;
  }
  if (!pem) return std::move(pem).error();
  const auto path = store::private_path(directory, entry.kid).string();
  auto key = crypto::PrivateKey::from_pem(*pem);
  if (!key) return std::move(key).error().context(text::quoted(path));
  if (jose::thumbprint(key->public_key()) != entry.kid) {
    return Error{.code = Errc::input,
                 .message = text::format("`{}` contains another key than its name says", path),
                 .hint = retire_command(entry.kid)};
  }
  return jose::SigningKey{*std::move(key), entry.alg, entry.kid};
}

void put_next(Draft& draft, const jose::SigningKey& key, Instant now) {
  const auto public_key = key.key.public_key();
  draft.entries.push_back({jose::thumbprint(public_key), key.alg, State::next, public_key, now});
}

/// A new key of the same kind as the active one, as next.
Result<void> make_next(Draft& draft, Instant now) {
  const Entry like = *find_state(draft.entries, State::active);
  TRY(auto key, crypto::PrivateKey::generate(like.key.type(), like.key.bits()));
  auto kid = jose::thumbprint(key.public_key());
  draft.made.push_back({std::move(key), like.alg, kid});
  put_next(draft, draft.made.back(), now);
  draft.steps.push_back(text::format("made next key `{}`", kid));
  return {};
}

/// Lets the next key sign from now on. Loads its private part first: a ring that cannot sign is
/// worse than one that signs with an old key.
Result<void> activate(Draft& draft, Instant now) {
  const auto next = find_state(draft.entries, State::next);
  const bool just_made =
      std::ranges::find(draft.made, next->kid, &jose::SigningKey::kid) != draft.made.end();
  if (!just_made) TRY_VOID(load(draft.directory, *next));
  const auto active = find_state(draft.entries, State::active);
  if (active != draft.entries.end()) {
    active->state = State::retired;
    active->retired = now;
    draft.steps.push_back(text::format("retired `{}`", active->kid));
  }
  next->state = State::active;
  next->activated = now;
  draft.steps.push_back(text::format("`{}` signs now", next->kid));
  return {};
}

Result<void> apply(Draft& draft, const Due& due, Instant now) {
  switch (due.step) {
    case Step::remove:
      draft.entries.erase(find_kid(draft.entries, due.kid));
      draft.steps.push_back(text::format("removed `{}`", due.kid));
      return {};
    case Step::activate:
      return activate(draft, now);
    case Step::make_next:
      return make_next(draft, now);
  }
  return {};
}

/// Removes the active key and lets another one sign at once: the next key if it can be loaded, else
/// a new one. Gives how long that key has been published.
Result<std::chrono::seconds> replace_active(Draft& draft, Instant now) {
  const auto next = find_state(draft.entries, State::next);
  if (next != draft.entries.end() && !load(draft.directory, *next)) {
    draft.steps.push_back(
        text::format("removed `{}`, whose private part cannot be read", next->kid));
    draft.entries.erase(next);
  }
  if (find_state(draft.entries, State::next) == draft.entries.end()) {
    TRY_VOID(make_next(draft, now));
  }
  draft.entries.erase(find_state(draft.entries, State::active));
  TRY_VOID(activate(draft, now));
  return now - find_state(draft.entries, State::active)->created;
}

/// Writes private files, then ring.json in one step, and removes files that are not needed any
/// more. Interrupted anywhere, it leaves the ring as before or as after, at worst with extra files.
Result<void> commit(const Draft& draft) {
  for (const jose::SigningKey& key : draft.made) {
    TRY(const Secret pem, key.key.to_pem());
    TRY_VOID(store::put_private(draft.directory, key.kid, pem));
  }
  TRY_VOID(store::put_index(draft.directory, draft.entries));
  TRY(const auto needless, store::leftovers(draft.directory, draft.entries));
  return store::remove(draft.directory, needless);
}

/// A waiting time that starts by a clock that has gone back would end too early when the clock is
/// corrected.
Result<void> check_clock(const std::vector<Entry>& entries, Instant now) {
  const Instant last = last_change(entries);
  if (now >= last) return {};
  return Error{
      .code = Errc::io,
      .message = text::format("the clock says {}, which is before the ring's last change at {}",
                              time::format_instant(now), time::format_instant(last)),
      .hint = "set the clock; nothing was changed"};
}

}  // namespace

std::string retire_command(std::string_view kid) {
  return text::format("mcpauth keys retire {}{}", kid.starts_with('-') ? "-- " : "", kid);
}

Result<Ring> Ring::create(const fs::path& directory, const jose::SigningKey& first, Instant now) {
  TRY_VOID(store::make_directory(directory));
  TRY(const store::Lock lock, store::Lock::take(directory));
  if (store::has_index(directory)) {
    return Error{
        .code = Errc::exists,
        .message = text::format("there is a key ring in `{}` already", directory.string())};
  }
  TRY(const Secret pem, first.key.to_pem());
  const auto public_key = first.key.public_key();
  const auto kid = jose::thumbprint(public_key);
  const Draft draft{directory,
                    {{kid, first.alg, State::active, public_key, now, now, std::nullopt}}};
  TRY_VOID(store::put_private(directory, kid, pem));
  TRY_VOID(commit(draft));
  return open(directory);
}

Result<Ring> Ring::open(const fs::path& directory) {
  TRY_VOID(store::check_directory(directory));
  TRY(auto entries, store::read_index(directory));
  for (const Entry& entry : entries) {
    if (entry.state == State::retired) continue;
    TRY_VOID(store::check_private(directory, entry.kid));
  }
  TRY(auto leftovers, store::leftovers(directory, entries));
  return Ring(directory, std::move(entries), std::move(leftovers));
}

fs::path Ring::index_path(const fs::path& directory) {
  return store::index_path(directory);
}

const Entry& Ring::active() const {
  const auto found = std::ranges::find(entries_, State::active, &Entry::state);
  if (found == entries_.end()) panic("a key ring without an active key");
  return *found;
}

bool Ring::has_private(const Entry& entry) const {
  std::error_code ignored;
  return fs::exists(store::private_path(directory_, entry.kid), ignored);
}

jose::KeySet Ring::public_keys() const {
  std::vector<jose::Jwk> keys;
  for (const State state : {State::active, State::next, State::retired}) {
    for (const Entry& entry : entries_) {
      if (entry.state == state) keys.push_back({entry.key, entry.kid, entry.alg});
    }
  }
  return jose::KeySet(std::move(keys));
}

Result<jose::SigningKey> Ring::active_key() const {
  Ring current = *this;
  while (true) {
    auto key = load(directory_, current.active());
    if (key || key.error().code != Errc::not_found) return key;
    // Rotated since it was opened? Then the old key's private part is gone.
    TRY(Ring fresh, open(directory_));
    if (fresh.active().kid == current.active().kid) return key;
    current = std::move(fresh);
  }
}

Result<void> Ring::add(const jose::SigningKey& key, Instant now) {
  TRY(const store::Lock lock, store::Lock::take(directory_));
  TRY(Ring fresh, open(directory_));
  TRY_VOID(check_clock(fresh.entries_, now));
  const auto kid = jose::thumbprint(key.key.public_key());
  if (find_kid(fresh.entries_, kid) != fresh.entries_.end()) {
    return Error{.code = Errc::exists,
                 .message = text::format("the key `{}` is in the ring already", kid)};
  }
  const auto next = find_state(fresh.entries_, State::next);
  if (next != fresh.entries_.end()) {
    return Error{.code = Errc::exists,
                 .message = text::format("the ring has a next key already: `{}`", next->kid),
                 .hint = text::format(
                     "wait until it signs (`mcpauth keys list` says when), or remove it with `{}`",
                     retire_command(next->kid))};
  }
  Draft draft{directory_, std::move(fresh.entries_)};
  put_next(draft, key, now);
  TRY(const Secret pem, key.key.to_pem());
  TRY_VOID(store::put_private(directory_, kid, pem));
  TRY_VOID(commit(draft));
  TRY(*this, open(directory_));
  return {};
}

Result<RotateReport> Ring::rotate(const Rotation& rotation, Instant now, bool force) {
  TRY_VOID(check(rotation));
  TRY(const store::Lock lock, store::Lock::take(directory_));
  TRY(Ring fresh, open(directory_));
  Draft draft{directory_, std::move(fresh.entries_)};
  for (const std::string& name : fresh.leftovers_) {
    draft.steps.push_back(text::format("removed left-over file `{}`", name));
  }
  if (force && find_state(draft.entries, State::next) == draft.entries.end()) {
    TRY_VOID(check_clock(draft.entries, now));
    TRY_VOID(make_next(draft, now));
  }
  auto dues = upcoming(draft.entries, rotation);
  for (; dues.front().at <= now; dues = upcoming(draft.entries, rotation)) {
    TRY_VOID(apply(draft, dues.front(), now));
  }
  if (!draft.steps.empty()) TRY_VOID(commit(draft));
  TRY(*this, open(directory_));
  return RotateReport{std::move(draft.steps), dues.front().at, describe(dues.front())};
}

Result<RetireReport> Ring::retire(std::string_view kid, Instant now) {
  TRY(const store::Lock lock, store::Lock::take(directory_));
  TRY(Ring fresh, open(directory_));
  Draft draft{directory_, std::move(fresh.entries_)};
  const auto found = find_kid(draft.entries, kid);
  if (found == draft.entries.end()) {
    return Error{.code = Errc::not_found,
                 .message = text::format("there is no key `{}` in the ring", kid),
                 .hint = "`mcpauth keys list` names them"};
  }
  RetireReport report;
  if (found->state == State::active) {
    TRY(report.published_for, replace_active(draft, now));
  } else {
    draft.entries.erase(found);
  }
  draft.steps.push_back(text::format("removed `{}`: neither signs nor is published", kid));
  TRY_VOID(commit(draft));
  TRY(*this, open(directory_));
  report.steps = std::move(draft.steps);
  return report;
}

}  // namespace mcpauth::keys
