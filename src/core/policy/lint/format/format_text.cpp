#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "core/codec/text.hpp"
#include "core/policy/lint/format/formats.hpp"
#include "core/policy/lint/format/totals.hpp"
#include "core/policy/lint/source/snippet.hpp"

namespace mcpauth::policy::lint {
namespace {

using text::printable;

constexpr std::string_view kBold = "\033[1m";
constexpr std::string_view kBlue = "\033[1;34m";

std::string_view color_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "\033[1;31m";
    case Severity::warning:
      return "\033[1;33m";
    case Severity::info:
      break;
  }
  return "\033[1;36m";
}

/// One underlined place of a finding.
struct Mark {
  const Place* place = nullptr;
  std::string_view label = {};
  bool is_first = false;  ///< what the finding is about
};

class Writer {
 public:
  explicit Writer(const Document& document) : document_(document) {
    for (const auto& finding : document.findings) {
      const auto& [file, span] = finding.place;
      if (finding.rule->name == "secret-in-policy") secrets_.emplace(file, span.line);
    }
  }

  std::string run() {
    for (const auto& finding : document_.findings) {
      if (stands(finding)) write(finding);
    }
    for (const auto& note : document_.notes)
      out_ += "note: " + (note.rule.empty() ? "" : std::string(note.rule) + ": ") +
              printable(note.text) + "\n";
    out_ += totals(document_) + "\n";
    return std::move(out_);
  }

 private:
  void paint(std::string_view color, std::string_view text) {
    if (!document_.color) {
      out_ += text;
      return;
    }
    out_ += color;
    out_ += text;
    out_ += "\033[0m";
  }

  void write(const Finding& finding) {
    auto marks = marks_of(finding);
    unsigned last = 1;
    for (const auto& mark : marks)
      last = std::max(last, mark.place->span.line);
    gutter_.assign(std::to_string(last).size(), ' ');
    head(finding);
    std::string_view file = finding.place.file;
    snippets_before_ = 0;
    for (std::size_t i = 0; i < marks.size(); ++i) {
      if (marks[i].place->file != file) {
        file = marks[i].place->file;
        line_of_gutter("|");
        arrow(":::", *marks[i].place);
      }
      const bool same_line = i > 0 && marks[i - 1].place->file == file &&
                             marks[i - 1].place->span.line == marks[i].place->span.line;
      snippet(finding, marks[i], same_line);
    }
    tail(finding);
    out_ += '\n';
  }

  /// The marks of the finding's own file by line, then the others as they come.
  static std::vector<Mark> marks_of(const Finding& finding) {
    std::vector<Mark> here{{&finding.place, finding.label, true}};
    std::vector<Mark> elsewhere;
    for (const auto& label : finding.related) {
      auto& list = label.place.file == finding.place.file ? here : elsewhere;
      list.push_back({&label.place, label.text, false});
    }
    std::ranges::stable_sort(here, {}, [](const Mark& mark) { return mark.place->span.line; });
    std::ranges::stable_sort(elsewhere, {}, [](const Mark& mark) { return mark.place->file; });
    std::ranges::move(elsewhere, std::back_inserter(here));
    return here;
  }

  void head(const Finding& finding) {
    const auto& rule = *finding.rule;
    paint(color_of(finding.severity), std::string(name(finding.severity)) + "[" +
                                          std::string(rule.name) + " " + std::string(rule.code) +
                                          "]");
    paint(kBold, ": " + printable(finding.message));
    out_ += '\n';
    arrow("-->", finding.place);
  }

  void arrow(std::string_view arrow, const Place& place) {
    out_ += gutter_;
    paint(kBlue, arrow);
    out_ += " " + printable(place.file);
    if (place.span.line != 0) {
      out_ += ":" + std::to_string(place.span.line) + ":" + std::to_string(place.span.column);
    }
    out_ += '\n';
  }

  void line_of_gutter(std::string_view text) {
    out_ += gutter_ + " ";
    paint(kBlue, text);
    out_ += '\n';
  }

  void snippet(const Finding& finding, const Mark& mark, bool same_line) {
    const auto* source = text_of(mark.place->file);
    if (source == nullptr || mark.place->span.line == 0 || holds_secret(*mark.place)) return;
    const auto shown = snippet_of(*source, mark.place->span);
    if (!same_line || !shown.is_whole) {
      if (snippets_before_++ == 0 || mark.place->file != finding.place.file) line_of_gutter("|");
      auto number = std::to_string(mark.place->span.line);
      number.insert(0, gutter_.size() - number.size(), ' ');
      paint(kBlue, number + " |");
      out_ += (shown.text.empty() ? "" : " ") + shown.text + "\n";
    }
    out_ += gutter_ + " ";
    paint(kBlue, "|");
    out_ += " " + std::string(shown.lead, ' ');
    const auto label = mark.label.empty() ? "" : " " + printable(mark.label);
    paint(mark.is_first ? color_of(finding.severity) : kBlue,
          std::string(shown.width, mark.is_first ? '^' : '-') + label);
    out_ += '\n';
  }

  void remark(std::string_view what, std::string_view text) {
    out_ += gutter_ + " ";
    paint(kBlue, "=");
    out_ += " ";
    paint(kBold, std::string(what) + ":");
    out_ += " " + printable(text) + "\n";
  }

  void tail(const Finding& finding) {
    if (!finding.why.empty()) remark("why", finding.why);
    std::string mend = finding.hint;
    if (finding.fix) {
      if (mend.empty()) mend = finding.fix->title;
      mend += finding.rule->fix == FixKind::safe ? " (--fix does)" : " (--fix --unsafe-fixes does)";
    }
    if (!mend.empty()) remark("fix", mend);
    remark("help", "mcpauth rbac lint --explain " + std::string(finding.rule->name));
  }

  /// A line with a secret is not shown: logs are kept, and read by others.
  bool holds_secret(const Place& place) const {
    return secrets_.contains({place.file, place.span.line});
  }

  const SourceText* text_of(std::string_view file) {
    const auto found = texts_.find(file);
    if (found != texts_.end()) return found->second.get();
    const auto* source = source_of(document_, file);
    auto text = source == nullptr ? nullptr : std::make_unique<SourceText>(source->text);
    return texts_.emplace(file, std::move(text)).first->second.get();
  }

  const Document& document_;
  std::string out_;
  std::string gutter_;
  unsigned snippets_before_ = 0;
  std::set<std::pair<std::string_view, unsigned>> secrets_;
  std::map<std::string_view, std::unique_ptr<SourceText>> texts_;
};

}  // namespace

std::string write_text(const Document& document) {
  return Writer(document).run();
}

std::string write_concise(const Document& document) {
  std::string out;
  for (const auto& finding : document.findings) {
    if (!stands(finding)) continue;
    const auto& [file, span] = finding.place;
    out += printable(file) + ":" + std::to_string(span.line) + ":" + std::to_string(span.column) +
           ": " + std::string(name(finding.severity)) + "[" + std::string(finding.rule->name) +
           " " + std::string(finding.rule->code) + "]: " + printable(finding.message) + "\n";
  }
  return out;
}

}  // namespace mcpauth::policy::lint
