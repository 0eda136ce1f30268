#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "core/codec/format.hpp"
#include "core/codec/style.hpp"
#include "core/codec/text.hpp"
#include "core/policy/lint/format/formats.hpp"
#include "core/policy/lint/format/totals.hpp"
#include "core/policy/lint/source/snippet.hpp"

namespace mcpauth::policy::lint {
namespace {

using text::printable;

using text::Style;

Style style_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return Style::bold_red;
    case Severity::warning:
      return Style::bold_yellow;
    case Severity::info:
      break;
  }
  return Style::bold_cyan;
}

/// One underlined place of a finding.
struct Mark {
  const Place* place = nullptr;
  std::string_view label = {};
  bool is_main = false;  ///< the place of the finding itself, not of a related one
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
    for (const auto& note : document_.notes) {
      out_ += "note: ";
      if (!note.rule.empty()) out_ += text::format("{}: ", note.rule);
      out_ += printable(note.text) + "\n";
    }
    out_ += totals(document_) + "\n";
    return std::move(out_);
  }

 private:
  void paint(Style style, std::string_view text) {
    out_ += text::styled(text, style, document_.color);
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

  /// The marks in the file of the finding, by line, then those in other files, by file.
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
    paint(style_of(finding.severity),
          text::format("{}[{} {}]", name(finding.severity), rule.name, rule.code));
    paint(Style::bold, ": " + printable(finding.message));
    out_ += '\n';
    arrow("-->", finding.place);
  }

  void arrow(std::string_view arrow, const Place& place) {
    out_ += gutter_;
    paint(Style::bold_blue, arrow);
    out_ += " " + printable(place.file);
    if (place.span.line != 0) {
      out_ += text::format(":{}:{}", place.span.line, place.span.column);
    }
    out_ += '\n';
  }

  void line_of_gutter(std::string_view text) {
    out_ += gutter_ + " ";
    paint(Style::bold_blue, text);
    out_ += '\n';
  }

  void snippet(const Finding& finding, const Mark& mark, bool same_line) {
    const auto* source = text_of(mark.place->file);
    if (source == nullptr || mark.place->span.line == 0 || holds_secret(*mark.place)) return;
    const auto shown = snippet_of(*source, mark.place->span);
    if (!same_line || !shown.is_whole) {
      if (snippets_before_++ == 0 || mark.place->file != finding.place.file) line_of_gutter("|");
      paint(Style::bold_blue, text::format("{:{}} |", mark.place->span.line, gutter_.size()));
      out_ += (shown.text.empty() ? "" : " ") + shown.text + "\n";
    }
    out_ += gutter_ + " ";
    paint(Style::bold_blue, "|");
    out_ += " " + std::string(shown.lead, ' ');
    const auto label = mark.label.empty() ? "" : " " + printable(mark.label);
    paint(mark.is_main ? style_of(finding.severity) : Style::bold_blue,
          std::string(shown.width, mark.is_main ? '^' : '-') + label);
    out_ += '\n';
  }

  void remark(std::string_view what, std::string_view text) {
    out_ += gutter_ + " ";
    paint(Style::bold_blue, "=");
    out_ += " ";
    paint(Style::bold, text::format("{}:", what));
    out_ += " " + printable(text) + "\n";
  }

  void tail(const Finding& finding) {
    if (!finding.why.empty()) remark("why", finding.why);
    std::string fix = finding.hint;
    if (finding.fix) {
      if (fix.empty()) fix = finding.fix->title;
      fix += finding.rule->fix == FixKind::safe ? " (--fix does)" : " (--fix --unsafe-fixes does)";
    }
    if (!fix.empty()) remark("fix", fix);
    remark("help", text::format("mcpauth rbac lint --explain {}", finding.rule->name));
  }

  /// A line with a secret is not shown, because logs are kept and read by others.
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
    out += text::format("{}:{}:{}: {}[{} {}]: {}\n", printable(file), span.line, span.column,
                        name(finding.severity), finding.rule->name, finding.rule->code,
                        printable(finding.message));
  }
  return out;
}

}  // namespace mcpauth::policy::lint
