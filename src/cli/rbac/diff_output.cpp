#include "cli/rbac/diff_output.hpp"

#include <algorithm>
#include <ostream>

#include "cli/frame/output.hpp"
#include "core/codec/format.hpp"
#include "core/codec/style.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::cli {
namespace {

using policy::analysis::Change;
using policy::analysis::Difference;
using policy::analysis::DifferenceOverTime;
using policy::analysis::OrgGroup;
using policy::analysis::Verdict;
using text::Style;
using text::styled;

constexpr std::size_t kMostShown = 12;

std::string_view in_words(Verdict verdict) {
  switch (verdict) {
    case Verdict::equivalent:
      return "equivalent: everybody may do the same";
    case Verdict::less:
      return "less: some lose, nobody gains";
    case Verdict::more:
      return "more: some gain, nobody loses";
    case Verdict::incomparable:
      return "incomparable: some gain and some lose";
    case Verdict::unknown:
      break;
  }
  return "unknown: the comparison is not complete";
}

/// Most characters have a meaning in Markdown. In a code span only the backquote has one, and in a
/// table the bar. The fence is longer than any run of backquotes in the name.
std::string code_span(std::string_view name) {
  std::string escaped;
  std::size_t run = 0;
  std::size_t longest = 0;
  for (const char c : text::printable(name)) {
    escaped += c == '|' ? "\\|" : std::string(1, c);
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  const std::string_view gap = longest > 0 ? " " : "";
  return text::format("{0}{1}{2}{1}{0}", fence, gap, escaped);
}

void print_changes(const Difference& difference, bool is_gain, std::string_view indent, Env& env) {
  for (const auto& change : difference.changes) {
    if (change.is_gain != is_gain) continue;
    env.out << indent
            << (is_gain ? styled("+ ", Style::bold_red, env.color_out)
                        : styled("- ", Style::green, env.color_out))
            << who_of(change, kMostShown) << (change.is_combined ? ", only together" : "")
            << "\n    " << indent << what_of(difference, change, kMostShown) << '\n';
  }
}

std::string rest_text(std::size_t count, std::size_t most) {
  return count > most ? text::format(" and {} more", count - most) : std::string();
}

std::string where_markdown(const OrgGroup& group) {
  if (!group.is_any_other_org) return code_span(group.org);
  const auto exceptions = group.exceptions.value_or(std::vector<std::string>());
  std::string out = "every org";
  for (std::size_t i = 0; i < std::min(exceptions.size(), kMostShown); ++i)
    out += (i == 0 ? " but " : ", ") + code_span(exceptions[i]);
  return out + rest_text(exceptions.size(), kMostShown);
}

void print_rows(const Difference& difference, bool is_gain, std::string_view since, Env& env) {
  env.out << "\n### " << (is_gain ? "Gained" : "Lost") << since
          << "\n\n| who | what |\n|---|---|\n";
  for (const auto& change : difference.changes) {
    if (change.is_gain != is_gain) continue;
    std::string who;
    for (std::size_t i = 0; i < std::min(change.groups.size(), kMostShown); ++i) {
      const auto& group = change.groups[i];
      who += (who.empty()          ? ""
              : change.is_combined ? " with "
                                   : ", ") +
             text::format("{} in {}", code_span(group.name), where_markdown(group));
    }
    std::string what;
    for (std::size_t i = 0; i < std::min(change.items.size(), kMostShown); ++i) {
      const auto& item = difference.items[change.items[i]];
      what +=
          (what.empty() ? "" : ", ") + (item.was.empty() ? code_span(item.shown()) : item.text());
    }
    env.out << "| " << who << rest_text(change.groups.size(), kMostShown) << " | " << what
            << rest_text(change.items.size(), kMostShown) << " |\n";
  }
}

json::Object item_json(const policy::analysis::Item& item) {
  if (!item.was.empty()) return {{"lifetime", item.name}, {"was", item.was}};
  json::Object out{{item.is_tool ? "tool" : "scope", item.name}};
  if (!item.pattern.empty()) out.set("pattern", item.pattern);
  return out;
}

}  // namespace

std::string who_of(const Change& change, std::size_t most) {
  std::string out;
  std::size_t named = 0;
  for (std::size_t i = 0; i < change.groups.size(); ++named) {
    if (named == most) break;
    const auto& group = change.groups[i];
    out += (out.empty() ? "" : change.is_combined ? " with " : ", ") + text::printable(group.name);
    ++i;
    const bool ends_org =
        i == change.groups.size() || named + 1 == most || change.groups[i].where() != group.where();
    if (ends_org) out += " in " + text::printable(group.where());
  }
  return out + rest_text(change.groups.size(), most);
}

std::string what_of(const Difference& difference, const Change& change, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < std::min(change.items.size(), most); ++i)
    out += (i == 0 ? "" : ", ") + text::printable(difference.items[change.items[i]].text());
  return out + rest_text(change.items.size(), most);
}

void print_difference(const DifferenceOverTime& difference, const DiffNames& names, Env& env) {
  for (const bool is_gain : {true, false})
    print_changes(difference.now, is_gain, "", env);
  for (const auto& [from, later] : difference.later) {
    env.out << "from " << time::format_instant(from) << ":\n";
    for (const bool is_gain : {true, false})
      print_changes(later, is_gain, "  ", env);
  }
  for (const auto& why : difference.now.unsure)
    env.out << "not exact: " << text::printable(why) << '\n';
  env.out << styled(in_words(difference.verdict), Style::bold, env.color_out) << '\n';
  detail(env, "compared",
         text::format("{} to {}, as of {}", names.before, names.after,
                      time::format_instant(env.now())));
}

void print_difference_markdown(const DifferenceOverTime& difference, const DiffNames& names,
                               Env& env) {
  env.out << "## Who may do what: " << in_words(difference.verdict) << "\n\n"
          << code_span(names.before) << " to " << code_span(names.after) << ", as of "
          << time::format_instant(env.now()) << '\n';
  const auto print = [&](const Difference& one, const std::string& since) {
    if (one.has_gain()) print_rows(one, true, since, env);
    if (one.has_loss()) print_rows(one, false, since, env);
  };
  print(difference.now, "");
  for (const auto& [from, later] : difference.later)
    print(later, text::format(", from {}", time::format_instant(from)));
  for (const auto& why : difference.now.unsure)
    env.out << "\n**Not exact:** " << why << '\n';
}

json::Object group_json(const OrgGroup& group) {
  json::Object out{{"group", group.name}};
  if (!group.is_any_other_org) {
    out.set("org", group.org);
    return out;
  }
  out.set("any_other_org", true);
  json::Array except;
  for (const auto& org : group.exceptions.value_or(std::vector<std::string>()))
    except.emplace_back(org);
  if (!except.empty()) out.set("except", std::move(except));
  return out;
}

json::Array changes_json(const Difference& difference) {
  json::Array out;
  for (const auto& change : difference.changes) {
    json::Array who;
    for (const auto& group : change.groups) {
      who.emplace_back(group_json(group));
    }
    json::Array what;
    for (const auto item : change.items)
      what.emplace_back(item_json(difference.items[item]));
    out.emplace_back(json::Object{{"change", change.is_gain ? "gained" : "lost"},
                                  {"together", change.is_combined},
                                  {"who", std::move(who)},
                                  {"what", std::move(what)}});
  }
  return out;
}

void print_difference_json(const DifferenceOverTime& difference, const DiffNames& names, Env& env) {
  json::Array unsure;
  for (const auto& why : difference.now.unsure)
    unsure.emplace_back(why);
  json::Array later;
  for (const auto& [from, then] : difference.later) {
    later.emplace_back(
        json::Object{{"from", time::format_instant(from)}, {"changes", changes_json(then)}});
  }
  print_json(env, json::Object{{"schema", "mcpauth.rbac.diff/1"},
                               {"old", names.before},
                               {"new", names.after},
                               {"as_of", time::format_instant(env.now())},
                               {"verdict", policy::analysis::name(difference.verdict)},
                               {"exact", difference.now.unsure.empty()},
                               {"not_exact_because", std::move(unsure)},
                               {"changes", changes_json(difference.now)},
                               {"later", std::move(later)}});
}

}  // namespace mcpauth::cli
