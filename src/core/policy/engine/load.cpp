#include "core/policy/engine/load.hpp"

#include <algorithm>
#include <array>

#include "core/base/file.hpp"
#include "core/codec/format.hpp"
#include "core/policy/engine/check.hpp"
#include "core/policy/engine/parse.hpp"
#include "core/policy/engine/read.hpp"

namespace mcpauth::policy {
namespace {

namespace fs = std::filesystem;

/// The keys that are lists of tables.
constexpr std::array<std::string_view, 3> kLists = {"grant", "separation", "lint"};

/// Follows the includes, depth first, each file once.
class Loader {
 public:
  Loader(const ReadFile& read_file, const PolicyLimits& limits, std::string_view file)
      : read_file_(read_file),
        limits_(limits),
        report_(file),
        folder_(fs::path(file).parent_path()) {
    reading_.policy.file = file;
  }

  Reading run(std::string_view text, std::string_view file) {
    add_file(std::string(text), std::string(file), fs::path(file).filename());
    check_names(reading_.policy, report_);
    reading_.faults = report_.take();
    return std::move(reading_);
  }

 private:
  void add_file(std::string text, const std::string& file, const fs::path& path) {
    report_.enter(file);
    bytes_ += text.size();
    reading_.sources.push_back({file, std::move(text)});
    open_.push_back(path);
    for (const auto& include : texts_of(file))
      follow(include, path);
    open_.pop_back();
    report_.enter(file);
  }

  std::vector<Text> texts_of(const std::string& file) {
    // Later files may move the sources in memory, so no reference into them is kept.
    const auto& text = reading_.sources.back().text;
    auto table =
        toml::parse(text, file, {.bytes = limits_.bytes, .values = limits_.values}, kLists);
    if (table) return parse_into(reading_.policy, report_, *std::move(table), limits_);
    for (auto& problem : table.error().problems) {
      const toml::Span span{problem.line, problem.column, problem.line, problem.column + 1};
      report_.add(rule::kTomlSyntax, span, std::move(problem.message), std::move(problem.hint));
    }
    if (table.error().problems.empty()) {
      report_.add(rule::kTomlSyntax, toml::Span{}, table.error().message, table.error().hint);
    }
    return {};
  }

  void follow(const Text& include, const fs::path& from) {
    const fs::path named(include.value);
    const fs::path path = (from.parent_path() / named).lexically_normal();
    if (named.is_absolute() || *path.begin() == "..") {
      report_.add(rule::kBadInclude, include.place,
                  text::format("`{}` is outside the folder of the policy", include.value),
                  text::format("include only files beside or below {}", reading_.policy.file));
    } else if (std::ranges::find(open_, path) != open_.end()) {
      report_.add(
          rule::kBadInclude, include.place,
          text::format("`{}` includes itself, directly or through other files", include.value),
          "remove one of the includes");
    } else if (open_.size() >= limits_.include_depth) {
      report_.add(
          rule::kBadInclude, include.place,
          text::format("more than {} files include each other in a row", limits_.include_depth));
    } else if (std::ranges::find(done_, path) == done_.end()) {
      done_.push_back(path);
      read_included(include, path);
    }
  }

  void read_included(const Text& include, const fs::path& path) {
    if (reading_.sources.size() >= limits_.files) {
      if (std::exchange(is_full_, true)) return;
      report_.add(rule::kPolicyTooLarge, include.place,
                  text::format("more than {} files", limits_.files));
      return;
    }
    const auto file = folder_ / path;
    auto text = read_file_(file);
    if (!text) {
      report_.add(rule::kBadInclude, include.place, text.error().message, text.error().hint);
    } else if (bytes_ + text->size() > limits_.bytes) {
      report_.add(rule::kPolicyTooLarge, include.place,
                  text::format("the files together are larger than {} MiB", limits_.bytes >> 20));
    } else {
      add_file(*std::move(text), file.string(), path);
    }
  }

  const ReadFile& read_file_;
  const PolicyLimits& limits_;
  Report report_;
  fs::path folder_;
  Reading reading_;
  std::size_t bytes_ = 0;
  bool is_full_ = false;
  std::vector<fs::path> open_;  // the chain of includes down to this file
  std::vector<fs::path> done_;
};

Error not_below(const fs::path& file, const fs::path& folder) {
  return {.code = Errc::config,
          .message = text::format("`{}` leads out of `{}`", file.string(), folder.string()),
          .hint = "include files that are in the folder, not links to elsewhere"};
}

/// Reads regular files whose real path is below the folder.
ReadFile below(const fs::path& folder, std::size_t limit) {
  return [folder, limit](const fs::path& file) -> Result<std::string> {
    std::error_code failed;
    const auto root = fs::canonical(folder.empty() ? fs::path(".") : folder, failed);
    const auto real = failed ? fs::path() : fs::canonical(file, failed);
    if (failed) {
      return Error{
          .code = Errc::not_found,
          .message = text::format("cannot read `{}`: {}", file.string(), failed.message())};
    }
    if (std::ranges::mismatch(root, real).in1 != root.end()) return not_below(file, root);
    if (!fs::is_regular_file(real, failed)) {
      return Error{.code = Errc::input,
                   .message = text::format("`{}` is not a file", file.string())};
    }
    return read_file(real, limit);
  };
}

}  // namespace

Reading read(std::string_view text, std::string_view file, const ReadFile& read_file,
             const PolicyLimits& limits) {
  return Loader(read_file, limits, file).run(text, file);
}

Result<Reading> read(const fs::path& file, const PolicyLimits& limits) {
  TRY(const auto text, read_file(file, limits.bytes));
  return read(text, file.string(), below(file.parent_path(), limits.bytes), limits);
}

Result<Policy> usable(Reading reading) {
  if (reading.faults.empty()) return std::move(reading.policy);
  std::vector<Problem> problems;
  problems.reserve(reading.faults.size());
  for (const auto& fault : reading.faults)
    problems.push_back(fault.problem());
  return error_from(Errc::config, std::move(problems));
}

Result<Policy> load(const fs::path& file, const PolicyLimits& limits) {
  TRY(auto reading, read(file, limits));
  return usable(std::move(reading));
}

Result<Policy> parse(std::string_view text, std::string_view file, const PolicyLimits& limits) {
  const ReadFile none = [](const fs::path& included) -> Result<std::string> {
    return Error{.code = Errc::config,
                 .message = text::format("`{}` is included, but only one file is read here",
                                         included.string()),
                 .hint = "name the policy by its file"};
  };
  return usable(read(text, file, none, limits));
}

}  // namespace mcpauth::policy
