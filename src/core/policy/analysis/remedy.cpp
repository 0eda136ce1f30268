#include "core/policy/analysis/remedy.hpp"

#include <algorithm>
#include <memory>
#include <unordered_set>

#include "core/policy/engine/pattern.hpp"

namespace mcpauth::policy::analysis {
namespace {

using policy::Engine;
using policy::Policy;

constexpr std::size_t kMostShown = 5;
constexpr std::size_t kMostJudged = 12;  // edits that work and whose effect is computed

std::size_t size_of(const Policy& policy) {
  return policy.scopes.size() + policy.tools.size() + policy.roles.size() + policy.grants.size();
}

/// The policy without what cannot matter for this principal and question, so that trying edits is
/// cheap. What works on it is tried again on the whole policy.
Policy slice(const Policy& whole, const Question& question) {
  Policy out;
  out.file = whole.file;
  out.has_scope_catalogue = whole.has_scope_catalogue;
  out.scopes = whole.scopes;
  out.roles = whole.roles;
  out.orgs = whole.orgs;
  const std::unordered_set<std::string_view> groups(question.principal.groups.begin(),
                                                    question.principal.groups.end());
  for (const auto& grant : whole.grants) {
    if (std::ranges::any_of(grant.groups, [&](const auto& g) { return groups.contains(g.value); }))
      out.grants.push_back(grant);
  }
  const auto server = question.asked.substr(0, question.asked.find('/') + 1);
  for (const auto& tool : whole.tools) {
    if (policy::tool_matches(tool.pattern.value, question.asked) ||
        tool.pattern.value.starts_with(server)) {
      out.tools.push_back(tool);
    }
  }
  return out;
}

Policy edited(Policy policy, const std::vector<Edit>& edits) {
  for (const auto& edit : edits)
    edit.apply(policy);
  return policy;
}

/// The number of pairs of a group and an item that are gained.
std::size_t gained(const Difference& difference) {
  std::size_t pairs = 0;
  for (const auto& change : difference.changes) {
    if (change.is_gain)
      pairs += (change.is_combined ? 1 : change.groups.size()) * change.items.size();
  }
  return pairs;
}

/// Looks for edits that work: first single ones, then pairs.
class RemedySearch {
 public:
  RemedySearch(const Policy& policy, const Question& question, Instant now)
      : policy_(policy), question_(question), now_(now) {
    constexpr std::size_t kWork = 300'000;
    tries_ = std::clamp<std::size_t>(kWork / (size_of(policy) + 1), 16, 300);
  }

  std::vector<std::vector<Edit>> run() {
    const Engine engine{Policy(policy_)};
    const auto firsts = edits_for(engine, question_, now_);
    std::vector<std::unique_ptr<Engine>> engines;
    for (const auto& first : firsts) {
      engines.push_back(tried({first}));
      if (engines.back() == nullptr) return std::move(found_);
    }
    if (!found_.empty()) return std::move(found_);
    for (std::size_t i = 0; i < firsts.size(); ++i) {
      for (auto& second : edits_for(*engines[i], question_, now_)) {
        if (is_new(firsts[i], second) && tried({firsts[i], second}) == nullptr)
          return std::move(found_);
      }
    }
    return std::move(found_);
  }

  bool is_complete() const { return is_complete_; }

 private:
  /// The engine with these edits. Null when no more may be tried.
  std::unique_ptr<Engine> tried(std::vector<Edit> edits) {
    if (tries_ == 0) {
      is_complete_ = false;
      return nullptr;
    }
    --tries_;
    auto engine = std::make_unique<Engine>(edited(policy_, edits));
    if (ask(*engine, question_, now_).allowed) found_.push_back(std::move(edits));
    return engine;
  }

  /// False for a pair that was tried in the other order.
  bool is_new(const Edit& a, const Edit& b) {
    return a.text != b.text &&
           pairs_.insert(std::min(a.text, b.text) + '\n' + std::max(a.text, b.text)).second;
  }

  const Policy& policy_;
  const Question& question_;
  Instant now_;
  std::size_t tries_;
  bool is_complete_ = true;
  std::vector<std::vector<Edit>> found_;
  std::unordered_set<std::string> pairs_;
};

}  // namespace

Remedies remedies_for(const Engine& engine, const Question& question, Instant now) {
  Remedies out;
  if (ask(engine, question, now).allowed) return out;
  const auto small = slice(engine.policy(), question);
  RemedySearch search(small, question, now);
  auto found = search.run();
  out.is_complete = search.is_complete();
  constexpr std::size_t kLarge = 20'000;
  const std::size_t most = size_of(engine.policy()) > kLarge ? 3 : kMostJudged;
  if (found.size() > most) {
    out.is_complete = false;
    found.resize(most);
  }
  for (auto& edits : found) {
    const Engine whole(edited(engine.policy(), edits));
    if (!ask(whole, question, now).allowed) continue;
    auto effect = diff(engine, whole, now);
    const auto lets_in = gained(effect);
    out.list.push_back(
        {.edits = std::move(edits), .effect = std::move(effect), .lets_in = lets_in});
  }
  std::ranges::stable_sort(out.list, {}, [](const Remedy& remedy) {
    return std::pair(remedy.edits.size(), remedy.lets_in);
  });
  if (out.list.size() > kMostShown) out.list.resize(kMostShown);
  return out;
}

Remedies remedies_against(const Engine& engine, const Question& question, Instant now) {
  Remedies out;
  if (!ask(engine, question, now).allowed) return out;
  for (auto& edit : edits_against(engine, question, now)) {
    const Engine whole(edited(engine.policy(), {edit}));
    if (ask(whole, question, now).allowed) continue;
    out.is_complete = false;  // the search ends with the first that works
    auto& remedy = out.list.emplace_back();
    remedy.edits.push_back(std::move(edit));
    remedy.effect = diff(engine, whole, now);
    return out;
  }
  return out;
}

}  // namespace mcpauth::policy::analysis
