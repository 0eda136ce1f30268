#include "core/policy/lint/rules/context.hpp"

namespace mcpauth::policy::lint {

const PolicyFacts* Context::facts() {
  if (!facts_ && subject_.is_usable()) facts_.emplace(subject_);
  return facts_ ? &*facts_ : nullptr;
}

const std::vector<Name>& Context::names() {
  if (!names_) names_ = names_of(subject_);
  return *names_;
}

const HighRisks& Context::high_risks() {
  if (!high_risks_) high_risks_ = high_risks_of(subject_);
  return *high_risks_;
}

const SourceText* Context::text(std::string_view file) {
  if (texts_.empty()) {
    for (const auto& source : subject_.reading.sources)
      texts_.try_emplace(source.file, source.text);
  }
  const auto found = texts_.find(file);
  return found == texts_.end() ? nullptr : &found->second;
}

}  // namespace mcpauth::policy::lint
