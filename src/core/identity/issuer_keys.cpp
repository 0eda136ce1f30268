#include "core/identity/issuer_keys.hpp"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "core/identity/jwks_source.hpp"

namespace mcpauth::identity {
namespace {

using Keys = Result<std::shared_ptr<const jose::KeySet>>;
using Ticks = std::chrono::nanoseconds;

constexpr std::size_t kMaxKid = 256;

// Time is counted in ticks: a wall clock that is set back must not keep a stale set alive.
class CachedKeys final : public jose::KeySource {
 public:
  CachedKeys(JwksSource::Place place, http::Client& http, const Clock& clock,
             const CachePolicy& policy)
      : source_(std::move(place), http, policy), clock_(clock), policy_(policy) {}

  Keys keys() override;
  Keys keys_after_unknown(std::string_view kid) override;

 private:
  using Lock = std::unique_lock<std::mutex>;

  void refresh(Lock& lock) noexcept;
  void accept(Fetched fetched, Ticks now);
  Keys last_good(Ticks now) const;
  bool worth_asking(std::string_view kid, Ticks now) const;
  void remember_unknown(std::string_view kid, Ticks now);

  JwksSource source_;  ///< used by the thread that set fetching_, and by no other
  const Clock& clock_;
  const CachePolicy policy_;

  std::mutex mutex_;
  std::condition_variable fetched_;
  bool fetching_ = false;
  std::shared_ptr<const jose::KeySet> set_;
  std::optional<Error> failure_;  ///< of the last fetch
  Ticks fresh_until_{};
  Ticks good_until_{};
  std::optional<Ticks> retry_at_;
  std::optional<Ticks> ask_unknown_at_;
  std::map<std::string, Ticks, std::less<>> unknown_;  ///< until when not to ask for these
};

// noexcept: an exception would leave `fetching_` set and the other threads waiting for ever.
void CachedKeys::refresh(Lock& lock) noexcept {
  fetching_ = true;
  lock.unlock();
  auto fetched = source_.fetch(clock_.ticks());
  lock.lock();
  fetching_ = false;
  const auto now = clock_.ticks();
  if (fetched) {
    accept(*std::move(fetched), now);
  } else {
    failure_ = std::move(fetched).error();
    retry_at_ = now + policy_.retry_wait;
  }
  fetched_.notify_all();
}

void CachedKeys::accept(Fetched fetched, Ticks now) {
  if (fetched.keys) set_ = std::move(fetched.keys);
  failure_.reset();
  retry_at_.reset();
  fresh_until_ = now + fetched.fresh;
  good_until_ = fresh_until_ + policy_.stale_on_error;
}

Keys CachedKeys::last_good(Ticks now) const {
  if (set_ && now < good_until_) return set_;
  if (failure_) return *failure_;
  return Error{.code = Errc::network, .message = "the keys are too old"};
}

Keys CachedKeys::keys() {
  Lock lock(mutex_);
  for (;;) {
    const auto now = clock_.ticks();
    if (set_ && now < fresh_until_) return set_;
    if (retry_at_ && now < *retry_at_) return last_good(now);
    if (!fetching_) {
      refresh(lock);
      return last_good(clock_.ticks());
    }
    if (set_ && now < good_until_) return set_;
    fetched_.wait(lock, [this] { return !fetching_; });
  }
}

bool CachedKeys::worth_asking(std::string_view kid, Ticks now) const {
  if (kid.size() > kMaxKid) return false;
  if (retry_at_ && now < *retry_at_) return false;
  const auto known_unknown = unknown_.find(kid);
  return known_unknown == unknown_.end() || now >= known_unknown->second;
}

void CachedKeys::remember_unknown(std::string_view kid, Ticks now) {
  std::erase_if(unknown_, [now](const auto& entry) { return entry.second <= now; });
  if (unknown_.size() < policy_.negative_entries)
    unknown_.insert_or_assign(std::string(kid), now + policy_.fresh);
}

Keys CachedKeys::keys_after_unknown(std::string_view kid) {
  TRY(auto known, keys());
  if (!known->with_kid(kid).empty()) return known;
  Lock lock(mutex_);
  const auto now = clock_.ticks();
  if (!worth_asking(kid, now)) return last_good(now);
  if (fetching_) {
    // The fetch under way may bring the kid. A token signed with a new key must not fail because
    // another one came first.
    fetched_.wait(lock, [this] { return !fetching_; });
    return last_good(clock_.ticks());
  }
  if (!set_->with_kid(kid).empty()) return set_;
  if (ask_unknown_at_ && now < *ask_unknown_at_) return last_good(now);
  ask_unknown_at_ = now + policy_.unknown_kid_wait;
  refresh(lock);
  const auto after = clock_.ticks();
  if (!failure_ && set_->with_kid(kid).empty()) remember_unknown(kid, after);
  return last_good(after);
}

}  // namespace

std::unique_ptr<jose::KeySource> issuer_keys(std::string issuer, http::Reach reach,
                                             http::Client& http, const Clock& clock,
                                             CachePolicy policy) {
  JwksSource::Place place{.issuer = std::move(issuer), .reach = std::move(reach)};
  return std::make_unique<CachedKeys>(std::move(place), http, clock, policy);
}

std::unique_ptr<jose::KeySource> jwks_url_keys(std::string url, http::Reach reach,
                                               http::Client& http, const Clock& clock,
                                               CachePolicy policy) {
  JwksSource::Place place{.jwks_uri = std::move(url), .reach = std::move(reach)};
  return std::make_unique<CachedKeys>(std::move(place), http, clock, policy);
}

std::unique_ptr<jose::KeySource> keys_of(const Settings& idp, http::Client& http,
                                         const Clock& clock) {
  return idp.jwks_uri.empty() ? issuer_keys(idp.issuer, idp.reach, http, clock)
                              : jwks_url_keys(idp.jwks_uri, idp.reach, http, clock);
}

}  // namespace mcpauth::identity
