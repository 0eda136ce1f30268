#include "core/policy/lint/rules/listed.hpp"

#include <algorithm>

#include "core/codec/text.hpp"

namespace mcpauth::policy::lint {

Listed::Listed(const std::vector<std::string_view>& names, char separator) : separator_(separator) {
  for (const auto name : names) {
    if (all_.insert(name).second) by_head_[head(name)].push_back(name);
  }
  for (const auto& entry : by_head_)
    heads_.push_back(entry.first);
  std::ranges::sort(heads_);
}

std::string_view Listed::head(std::string_view name) const {
  const auto end = separator_ == '\0' ? std::string_view::npos : name.find(separator_);
  return end == std::string_view::npos ? std::string_view{} : name.substr(0, end);
}

std::string_view Listed::tail(std::string_view name) const {
  const auto before = head(name).size();
  return before == 0 ? name : name.substr(before + 1);
}

bool Listed::has_head_near(std::string_view name) const {
  return text::nearest(head(name), heads_).has_value();
}

std::optional<std::string> Listed::nearest(std::string_view name) {
  constexpr unsigned kMost = 100;
  if (asked_++ >= kMost) return std::nullopt;
  auto within = by_head_.find(head(name));
  if (within == by_head_.end()) {
    const auto near = text::nearest(head(name), heads_);
    if (!near) return std::nullopt;
    within = by_head_.find(*near);
    auto same_tail = std::string(*near) + separator_ + std::string(tail(name));
    if (all_.contains(same_tail)) return same_tail;
  }
  // Tails are compared with tails: heads are the same, and would make everything near.
  std::vector<std::string_view> tails;
  for (const auto listed : within->second)
    tails.push_back(tail(listed));
  const auto near = text::nearest(tail(name), tails);
  if (!near) return std::nullopt;
  if (within->first.empty()) return std::string(*near);
  return std::string(within->first) + separator_ + std::string(*near);
}

}  // namespace mcpauth::policy::lint
