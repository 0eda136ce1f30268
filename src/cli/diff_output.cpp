#include "cli/diff_output.hpp"

#include <algorithm>
#include <map>
#include <ostream>

#include "cli/explain_output.hpp"
#include "cli/output.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"

namespace mcpauth::cli {
namespace {

using analysis::Change;
using analysis::Difference;
using analysis::Member;
using analysis::Verdict;

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

std::string org_text(const Member& member) {
  return member.is_any_other_org ? "any other org" : member.org;
}

/// Markdown gives a meaning to most characters; in a code span only the backquote has one, and in a
/// table the bar.
std::string code_span(std::string_view name) {
  std::string out = text::printable(name);
  std::ranges::replace(out, '`', '\'');
  std::string escaped;
  for (const char c : out)
    escaped += c == '|' ? "\\|" : std::string(1, c);
  return "`" + escaped + "`";
}

void print_changes(const Difference& difference, bool is_gain, Env& env) {
  for (const auto& change : difference.changes) {
    if (change.is_gain != is_gain) continue;
    env.out << (is_gain ? tinted(env, Tint::bad, "+ ") : tinted(env, Tint::good, "- "))
            << who_of(change, kMostShown) << (change.is_together ? ", only together" : "")
            << "\n    " << what_of(difference, change, kMostShown) << '\n';
  }
}

std::string rest_text(std::size_t count, std::size_t most) {
  return count > most ? " and " + std::to_string(count - most) + " more" : std::string();
}

void print_rows(const Difference& difference, bool is_gain, Env& env) {
  env.out << "\n### " << (is_gain ? "Gained" : "Lost") << "\n\n| who | what |\n|---|---|\n";
  for (const auto& change : difference.changes) {
    if (change.is_gain != is_gain) continue;
    std::string who;
    for (std::size_t i = 0; i < std::min(change.members.size(), kMostShown); ++i) {
      const auto& member = change.members[i];
      who += (who.empty()          ? ""
              : change.is_together ? " with "
                                   : ", ") +
             code_span(member.group) + " in " +
             (member.is_any_other_org ? "any other org" : code_span(member.org));
    }
    std::string what;
    for (std::size_t i = 0; i < std::min(change.items.size(), kMostShown); ++i) {
      const auto& item = difference.items[change.items[i]];
      what +=
          (what.empty() ? "" : ", ") + code_span(item.pattern.empty() ? item.name : item.pattern);
    }
    env.out << "| " << who << rest_text(change.members.size(), kMostShown) << " | " << what
            << rest_text(change.items.size(), kMostShown) << " |\n";
  }
}

json::Object item_json(const analysis::Item& item) {
  json::Object out{{item.is_tool ? "tool" : "scope", item.name}};
  if (!item.pattern.empty()) out.set("pattern", item.pattern);
  return out;
}

}  // namespace

std::string who_of(const Change& change, std::size_t most) {
  std::string out;
  std::size_t named = 0;
  for (std::size_t i = 0; i < change.members.size(); ++named) {
    if (named == most) break;
    const auto& member = change.members[i];
    out += (out.empty()          ? ""
            : change.is_together ? " with "
                                 : ", ") +
           text::printable(member.group);
    ++i;
    const bool ends_org = i == change.members.size() || named + 1 == most ||
                          org_text(change.members[i]) != org_text(member);
    if (ends_org) out += " in " + text::printable(org_text(member));
  }
  return out + rest_text(change.members.size(), most);
}

std::string what_of(const Difference& difference, const Change& change, std::size_t most) {
  std::vector<std::string> names;
  for (const auto item : change.items) {
    const auto& one = difference.items[item];
    names.push_back(one.pattern.empty() ? one.name : one.pattern);
  }
  return some_of(names, most);
}

void print_difference(const Difference& difference, const DiffNames& names, Env& env) {
  print_changes(difference, true, env);
  print_changes(difference, false, env);
  for (const auto& why : difference.unsure)
    env.out << "not exact: " << text::printable(why) << '\n';
  env.out << tinted(env, Tint::strong, in_words(difference.verdict)) << '\n';
  detail(env, "compared",
         names.before + " to " + names.after + ", as of " + time::format_instant(env.now()));
}

void print_difference_markdown(const Difference& difference, const DiffNames& names, Env& env) {
  env.out << "## Who may do what: " << in_words(difference.verdict) << "\n\n"
          << code_span(names.before) << " to " << code_span(names.after) << ", as of "
          << time::format_instant(env.now()) << '\n';
  if (difference.has_gain()) print_rows(difference, true, env);
  if (difference.has_loss()) print_rows(difference, false, env);
  for (const auto& why : difference.unsure)
    env.out << "\n**Not exact:** " << why << '\n';
}

json::Array changes_json(const Difference& difference) {
  json::Array out;
  for (const auto& change : difference.changes) {
    json::Array who;
    for (const auto& member : change.members) {
      json::Object one{{"group", member.group}};
      if (member.is_any_other_org) {
        one.set("any_other_org", true);
      } else {
        one.set("org", member.org);
      }
      who.emplace_back(std::move(one));
    }
    json::Array what;
    for (const auto item : change.items)
      what.emplace_back(item_json(difference.items[item]));
    out.emplace_back(json::Object{{"change", change.is_gain ? "gained" : "lost"},
                                  {"together", change.is_together},
                                  {"who", std::move(who)},
                                  {"what", std::move(what)}});
  }
  return out;
}

void print_difference_json(const Difference& difference, const DiffNames& names, Env& env) {
  json::Array unsure;
  for (const auto& why : difference.unsure)
    unsure.emplace_back(why);
  print_json(env, json::Object{{"schema", "mcpauth.rbac.diff/1"},
                               {"old", names.before},
                               {"new", names.after},
                               {"as_of", time::format_instant(env.now())},
                               {"verdict", analysis::name(difference.verdict)},
                               {"exact", difference.unsure.empty()},
                               {"not_exact_because", std::move(unsure)},
                               {"changes", changes_json(difference)}});
}

}  // namespace mcpauth::cli
