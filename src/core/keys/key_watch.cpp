#include "core/keys/key_watch.hpp"

#include <sys/stat.h>

#include "core/base/file.hpp"
#include "core/codec/text.hpp"
#include "core/keys/ring.hpp"

namespace mcpauth::keys {

Result<jose::KeySet> load_keys(const KeyPlace& place) {
  if (place.kind == KeyPlace::Kind::ring) {
    TRY(const auto ring, Ring::open(place.path));
    return ring.public_keys();
  }
  TRY(const auto text, read_file(place.path, jose::KeySet::kMaxBytes));
  auto keys = jose::KeySet::parse(text);
  if (!keys) return std::move(keys).error().context(text::quoted(place.path.string()));
  return keys;
}

KeyWatch::KeyWatch(KeyPlace place, const jose::KeySet& known, Calls calls,
                   std::chrono::milliseconds period)
    : place_(std::move(place)),
      calls_(std::move(calls)),
      published_(known.to_json()),
      thread_([this, period](const std::stop_token& stop) { run(stop, period); }) {}

KeyWatch::~KeyWatch() {
  thread_.request_stop();
}

KeyWatch::Mark KeyWatch::mark() const {
  const auto file =
      place_.kind == KeyPlace::Kind::ring ? Ring::index_path(place_.path) : place_.path;
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return {};
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size = status.st_size,
          .modified_s = status.st_mtim.tv_sec,
          .modified_ns = status.st_mtim.tv_nsec,
          .changed_s = status.st_ctim.tv_sec,
          .changed_ns = status.st_ctim.tv_nsec};
}

void KeyWatch::look() {
  const std::scoped_lock lock(mutex_);
  trouble_.clear();  // whoever asked wants to see the error again
  reload();
}

void KeyWatch::reload() {
  seen_ = mark();  // before reading: a change during it is seen at the next look
  const auto published = publish();
  if (published) {
    trouble_.clear();
  } else if (trouble_ != published.error().message) {
    trouble_ = published.error().message;
    calls_.complain(published.error());
  }
}

Result<void> KeyWatch::publish() {
  TRY(const auto keys, load_keys(place_));
  auto document = keys.to_json();
  if (document == published_) return {};
  TRY_VOID(calls_.publish(keys));
  published_ = std::move(document);
  return {};
}

void KeyWatch::run(const std::stop_token& stop, std::chrono::milliseconds period) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (!trouble_.empty() || mark() != seen_) reload();
    tick_.wait_for(lock, stop, period, [] { return false; });
  }
}

}  // namespace mcpauth::keys
