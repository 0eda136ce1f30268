#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mcpauth::policy::analysis {

/// A matrix of bits. Each row is a set of the numbers below `bits`.
class BitRows {
 public:
  BitRows() = default;
  BitRows(std::size_t rows, std::size_t bits) : words_(words_for(bits)), all_(rows * words_) {}

  static std::size_t words_for(std::size_t bits) { return (bits + 63) / 64; }

  void set(std::size_t row, std::size_t bit) {
    all_[row * words_ + bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
  bool test(std::size_t row, std::size_t bit) const {
    return ((all_[row * words_ + bit / 64] >> (bit % 64)) & 1U) != 0;
  }
  std::span<std::uint64_t> row(std::size_t row) { return {all_.data() + row * words_, words_}; }
  std::span<const std::uint64_t> row(std::size_t row) const {
    return {all_.data() + row * words_, words_};
  }

 private:
  std::size_t words_ = 0;
  std::vector<std::uint64_t> all_;
};

using Bits = std::span<const std::uint64_t>;

inline void add_all(std::span<std::uint64_t> to, Bits from) {
  for (std::size_t i = 0; i < to.size(); ++i)
    to[i] |= from[i];
}

/// Calls `visit` with each number in the set, ascending, until it returns false.
template <class Visit>
void each_bit(Bits bits, Visit visit) {
  for (std::size_t i = 0; i < bits.size(); ++i) {
    for (std::uint64_t word = bits[i]; word != 0; word &= word - 1) {
      if (!visit(i * 64 + static_cast<std::size_t>(std::countr_zero(word)))) return;
    }
  }
}

}  // namespace mcpauth::policy::analysis
