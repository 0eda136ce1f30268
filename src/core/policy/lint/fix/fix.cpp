#include "core/policy/lint/fix/fix.hpp"

#include <algorithm>
#include <set>

#include "core/codec/format.hpp"
#include "core/policy/lint/fix/same.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr unsigned kMostRounds = 10;
constexpr unsigned kMostTrials = 60;  // sets of fixes tried in one run

Texts texts_of(std::span<const policy::Reading* const> readings) {
  Texts out;
  for (const auto* reading : readings) {
    for (const auto& source : reading->sources)
      out.emplace(source.file, source.text);
  }
  return out;
}

/// Reads the policies from texts in memory.
std::vector<policy::Reading> read_all(const Texts& texts, const std::vector<std::string>& files) {
  const policy::ReadFile from = [&](const std::filesystem::path& file) -> Result<std::string> {
    const auto found = texts.find(file.string());
    if (found != texts.end()) return found->second;
    return Error{.code = Errc::not_found,
                 .message = text::format("cannot read `{}`", file.string())};
  };
  std::vector<policy::Reading> out;
  for (const auto& file : files)
    out.push_back(policy::read(texts.at(file), file, from));
  return out;
}

class Fixer {
 public:
  Fixer(std::span<const policy::Reading* const> readings, const Inputs& inputs,
        const Selection& selection)
      : inputs_(inputs), selection_(selection) {
    for (const auto* reading : readings)
      files_.push_back(reading->policy.file);
    out_.before = texts_of(readings);
    out_.after = out_.before;
    out_.readings = read_all(out_.after, files_);
  }

  FixResult run(Unsafe unsafe) {
    for (unsigned round = 0; round < kMostRounds && trials_ < kMostTrials; ++round) {
      const bool changed =
          apply_round(FixKind::safe) || (unsafe == Unsafe::yes && apply_round(FixKind::unsafe));
      if (!changed) break;
    }
    return std::move(out_);
  }

 private:
  using Candidates = std::span<const Finding* const>;

  /// Applies the fixes of one kind. False when none was applied.
  bool apply_round(FixKind kind) {
    std::vector<const policy::Reading*> readings;
    for (const auto& reading : out_.readings)
      readings.push_back(&reading);
    const auto outcome = lint(readings, inputs_, selection_);
    std::vector<const Finding*> candidates;
    for (const auto& finding : outcome.findings) {
      if (is_candidate(finding, kind)) candidates.push_back(&finding);
    }
    chosen_.clear();
    kind_ = kind;
    next_.clear();
    if (!candidates.empty()) choose(candidates);
    if (chosen_.empty()) return false;
    for (const auto* finding : chosen_)
      out_.applied.push_back(attempt(*finding, {}));
    out_.after = std::move(next_);
    out_.readings = std::move(next_readings_);
    return true;
  }

  bool is_candidate(const Finding& finding, FixKind kind) const {
    if (!finding.fix || finding.suppressed || finding.rule->fix != kind) return false;
    const bool has_faults = std::ranges::any_of(
        out_.readings, [](const policy::Reading& one) { return !one.faults.empty(); });
    return (finding.is_fault || !has_faults) && !rejected_.contains(key(finding));
  }

  /// What identifies a finding from one round to the next.
  static std::string key(const Finding& finding) {
    return std::string(finding.rule->name) + '\x1F' + finding.place.file + '\x1F' + finding.path +
           '\x1F' + finding.message;
  }

  static FixAttempt attempt(const Finding& finding, std::string why_not) {
    return {finding.rule, finding.place, finding.fix->title, std::move(why_not)};
  }

  void reject(const Finding& finding, std::string why_not) {
    if (rejected_.insert(key(finding)).second) {
      out_.rejected.push_back(attempt(finding, std::move(why_not)));
    }
  }

  /// Chooses the candidates that can be applied together with those chosen before. Tries all at
  /// once, then each half by itself, so that one bad fix among many does not cost a trial for each.
  void choose(Candidates candidates) {
    if (trials_ >= kMostTrials) {
      for (const auto* finding : candidates)
        reject(*finding, "too many fixes had to be tried one at a time; run it again");
      return;
    }
    ++trials_;
    EditSet edits(out_.after);
    std::vector<const Finding*> taken;
    for (const auto* finding : chosen_) {
      if (edits.add(*finding->fix)) taken.push_back(finding);
    }
    const auto before = taken.size();
    for (const auto* finding : candidates) {
      if (edits.add(*finding->fix)) taken.push_back(finding);
    }
    // Those that overlap a chosen fix are tried in the next round.
    if (taken.size() == before) return;
    auto texts = edits.apply();
    auto readings = read_all(texts, files_);
    const auto why_not = objection(readings);
    if (why_not.empty()) {
      chosen_ = std::move(taken);
      next_ = std::move(texts);
      next_readings_ = std::move(readings);
    } else if (candidates.size() == 1) {
      reject(*candidates.front(), why_not);
    } else {
      const auto half = candidates.size() / 2;
      choose(candidates.first(half));
      choose(candidates.subspan(half));
    }
  }

  static std::size_t faults_of(const std::vector<policy::Reading>& readings) {
    std::size_t count = 0;
    for (const auto& reading : readings)
      count += reading.faults.size();
    return count;
  }

  /// Why the policies must not become these. Empty when they may.
  std::string objection(const std::vector<policy::Reading>& after) const {
    const auto faults = faults_of(out_.readings);
    if (faults > 0) return faults_of(after) < faults ? "" : "the fault would remain";
    for (std::size_t i = 0; i < after.size(); ++i) {
      if (!after[i].faults.empty()) {
        return text::format("the policy could no longer be used: {}",
                            after[i].faults.front().message);
      }
      if (kind_ == FixKind::unsafe) continue;
      const auto sameness = compare(out_.readings[i].policy, after[i].policy, inputs_.now);
      if (sameness == Sameness::different) return "it would change who may do what";
      if (sameness == Sameness::unknown) {
        return "the policy is too large to prove that permissions stay the same";
      }
    }
    return {};
  }

  const Inputs& inputs_;
  const Selection& selection_;
  std::vector<std::string> files_;
  FixResult out_;
  FixKind kind_ = FixKind::safe;
  unsigned trials_ = 0;
  std::set<std::string> rejected_;
  std::vector<const Finding*> chosen_;
  Texts next_;
  std::vector<policy::Reading> next_readings_;
};

}  // namespace

FixResult apply_fixes(std::span<const policy::Reading* const> readings, const Inputs& inputs,
                      const Selection& selection, Unsafe unsafe) {
  return Fixer(readings, inputs, selection).run(unsafe);
}

}  // namespace mcpauth::policy::lint
