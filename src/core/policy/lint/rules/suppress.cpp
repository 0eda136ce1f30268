#include "core/policy/lint/rules/suppress.hpp"

#include <algorithm>
#include <map>

#include "core/codec/ascii.hpp"
#include "core/codec/text.hpp"
#include "core/codec/time.hpp"
#include "core/policy/lint/rules/catalogue.hpp"
#include "core/policy/lint/source/comments.hpp"

namespace mcpauth::policy::lint {
namespace {

constexpr std::string_view kBlanks = " \t";

/// The rest of a text that begins with `word`, without the blanks before it.
std::optional<std::string_view> after(std::string_view text, std::string_view word) {
  if (!text.starts_with(word)) return std::nullopt;
  text.remove_prefix(word.size());
  return text.substr(std::min(text.find_first_not_of(kBlanks), text.size()));
}

/// The end of an `until`. A date counts to the end of that day in UTC, as in `expires`.
std::optional<Instant> end_of(std::string_view until) {
  constexpr std::size_t kDate = 10;  // 2027-01-31
  if (until.size() < kDate || until[4] != '-') return std::nullopt;
  const auto instant = time::parse_instant(until, Instant{});
  if (!instant) return std::nullopt;
  return until.size() == kDate ? *instant + std::chrono::days(1) : *instant;
}

/// Reads one comment.
class Reader {
 public:
  Reader(const policy::Source& source, const SourceText& text, const Comment& comment)
      : file_(source.file), text_(text), comment_(comment) {}

  std::optional<Directive> run() {
    const auto ours = after(text::trimmed(comment_.text.substr(1)), "mcpauth:");
    const auto rest = ours ? after(*ours, "ignore") : std::nullopt;
    if (!rest) return std::nullopt;
    const bool has_more_letters = ours->size() > 6 && kAfter.find((*ours)[6]) == std::string::npos;
    if (has_more_letters) return std::nullopt;
    Directive out{.place = place(comment_.text), .removal = removal()};
    const auto close = rest->find(']');
    out.has_list = rest->starts_with('[') && close != std::string_view::npos;
    if (!out.has_list) return out;
    for (const auto part : text::split(rest->substr(1, close - 1), ','))
      add_name(out, text::trimmed(part));
    explain(out, text::trimmed(rest->substr(close + 1)));
    return out;
  }

 private:
  static constexpr std::string_view kAfter = "[ \t";

  /// The place of a part of the comment.
  Place place(std::string_view part) const {
    const auto offset =
        comment_.offset + static_cast<std::size_t>(part.data() - comment_.text.data());
    auto span = text_.at(offset);
    const auto points = std::ranges::count_if(part, begins_character);
    span.end_column = span.column + static_cast<unsigned>(points);
    return {file_, span};
  }

  Place removal() const {
    if (comment_.is_alone) return {file_, {comment_.line, 1, comment_.line + 1, 1}};
    auto begin = comment_.offset;
    while (begin > 0 && kBlanks.find(text_.text()[begin - 1]) != std::string_view::npos)
      --begin;
    auto span = text_.at(begin);
    span.end_column = place(comment_.text).span.end_column;
    return {file_, span};
  }

  void add_name(Directive& out, std::string_view name) const {
    if (name.empty()) return;
    out.names.push_back({.name = name, .rule = find_rule(name), .place = place(name)});
  }

  /// Where something begins that a reader would take for the `until`, or npos.
  static std::size_t find_until(std::string_view text) {
    constexpr std::string_view kWord = "until";
    const auto low = text::lowered(text);
    auto at = low.find(kWord);
    while (at != std::string::npos &&
           !text::trimmed(text.substr(at + kWord.size())).starts_with('='))
      at = low.find(kWord, at + 1);
    return at;
  }

  /// Reads the reason and an `until` at the end of the comment. An `until` anywhere else makes the
  /// directive invalid: a comment that seems to expire must not silence forever.
  static void explain(Directive& out, std::string_view text) {
    const auto semicolon = text.rfind(';');
    const auto last = semicolon == std::string_view::npos ? text : text.substr(semicolon + 1);
    if (const auto until = after(text::trimmed(last), "until=")) {
      out.until_text = *until;
      out.until = end_of(*until);
      text = semicolon == std::string_view::npos ? text.substr(0, 0) : text.substr(0, semicolon);
    }
    out.reason = text::trimmed(text);
    if (const auto at = find_until(out.reason); at != std::string_view::npos) {
      out.until_text = out.reason.substr(at);
      out.until.reset();
    }
  }

  const std::string& file_;
  const SourceText& text_;
  const Comment& comment_;
};

/// The line that each comment applies to.
std::vector<unsigned> targets(const std::vector<Comment>& comments) {
  std::vector<unsigned> out(comments.size());
  for (std::size_t i = comments.size(); i-- > 0;) {
    const auto& comment = comments[i];
    const bool more = i + 1 < comments.size() && comments[i + 1].is_alone &&
                      comments[i + 1].line == comment.line + 1;
    out[i] = !comment.is_alone ? comment.line : more ? out[i + 1] : comment.line + 1;
  }
  return out;
}

bool may_be_silenced(const Finding& finding) {
  return !finding.is_fault && !finding.rule->code.starts_with("RB9");
}

/// The name of a directive that covers this rule, or null.
Directive::Named* name_for(Directive& directive, const Rule* rule) {
  const auto found = std::ranges::find_if(directive.names, [&](const Directive::Named& named) {
    return named.name == "*" || named.rule == rule;
  });
  return found == directive.names.end() ? nullptr : &*found;
}

}  // namespace

bool Directive::counts(Instant now) const {
  const bool until_is_bad = !until_text.empty() && !until;
  return has_list && !names.empty() && !reason.empty() && !until_is_bad && !is_expired(now);
}

std::vector<Directive> directives_of(const policy::Source& source, const SourceText& text) {
  std::vector<Directive> out;
  if (source.text.find("mcpauth:") == std::string::npos) return out;
  const auto comments = comments_of(source.text);
  const auto lines = targets(comments);
  for (std::size_t i = 0; i < comments.size(); ++i) {
    auto directive = Reader(source, text, comments[i]).run();
    if (!directive) continue;
    directive->line = lines[i];
    out.push_back(*std::move(directive));
  }
  return out;
}

void suppress(std::span<Directive> directives, std::span<Finding> findings, Instant now) {
  std::multimap<std::pair<std::string_view, unsigned>, Directive*> by_line;
  for (auto& directive : directives) {
    if (directive.counts(now))
      by_line.emplace(std::pair(std::string_view(directive.place.file), directive.line),
                      &directive);
  }
  if (by_line.empty()) return;
  for (auto& finding : findings) {
    if (!may_be_silenced(finding)) continue;
    const std::pair key(std::string_view(finding.place.file), finding.place.span.line);
    for (auto [at, end] = by_line.equal_range(key); at != end; ++at) {
      auto* named = name_for(*at->second, finding.rule);
      if (named == nullptr) continue;
      named->is_used = true;
      finding.suppressed = Suppression{at->second->reason, at->second->place};
      break;
    }
  }
}

}  // namespace mcpauth::policy::lint
