#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "core/base/bytes.hpp"

namespace mcpauth {

/// Bytes that are wiped when they are destroyed. Move-only and fixed-size, always on the heap: a
/// std::string would keep short secrets inside the object, where no allocator can wipe them.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::size_t size);
  static Secret copy_of(BytesView bytes);
  static Secret copy_of(std::string_view text);

  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret&&) noexcept = default;

  std::size_t size() const noexcept { return bytes_ ? bytes_.get_deleter().size : 0; }
  bool empty() const noexcept { return size() == 0; }

  /// The only access to the content, so that `git grep reveal` lists every use.
  BytesView reveal() const noexcept { return {bytes_.get(), size()}; }
  std::string_view reveal_text() const noexcept { return text_of(reveal()); }
  std::span<std::uint8_t> writable() noexcept { return {bytes_.get(), size()}; }

  /// A copy of the first `size` bytes, for when the length is known only after reading.
  Secret first(std::size_t size) const { return copy_of(reveal().first(size)); }

 private:
  struct Wipe {
    std::size_t size;
    void operator()(std::uint8_t* bytes) const noexcept;
  };
  std::unique_ptr<std::uint8_t[], Wipe> bytes_;
};

/// Overwrites memory in a way that the compiler does not remove. For buffers of libraries that hold
/// a secret.
void wipe(std::span<std::uint8_t> bytes) noexcept;

/// A secret never reaches a stream or a log line.
template <class Stream>
Stream& operator<<(Stream&, const Secret&) = delete;

}  // namespace mcpauth
