#include "core/policy/lint/rules/hygiene/passages.hpp"

#include <set>
#include <tuple>
#include <utility>

#include "core/codec/toml_lexer.hpp"

namespace mcpauth::policy::lint {
namespace {

/// The strings of a policy that are sentences for people: descriptions and reasons.
class Sentences {
 public:
  explicit Sentences(const policy::Policy& policy) {
    for (const auto& scope : policy.scopes)
      add(scope.name.place.file, scope.fields, "description");
    for (const auto& role : policy.roles)
      add(role.place.file, role.fields, "description");
    for (const auto& grant : policy.grants)
      add(grant.place.file, grant.fields, "reason");
  }
  bool contains(std::string_view file, const toml::Span& at) const {
    return begins_.contains({at.line, at.column, file});
  }

 private:
  void add(std::string_view file, const policy::Fields& fields, std::string_view key) {
    if (const auto* field = policy::find(fields, key))
      begins_.emplace(field->value_span.line, field->value_span.column, file);
  }
  std::set<std::tuple<unsigned, unsigned, std::string_view>> begins_;
};

}  // namespace

Place Passage::place(std::size_t from, std::size_t length) const {
  auto span = text.at(begin + from);
  const auto end = text.at(begin + from + length);
  span.end_line = end.line;
  span.end_column = end.column;
  return {source.file, span};
}

void each_passage(Context& context, const std::function<void(const Passage&)>& visit) {
  const Sentences sentences(context.policy());
  for (const auto& source : context.subject().reading.sources) {
    const auto* const text = context.text(source.file);
    if (text == nullptr || source.text.size() > policy::PolicyLimits{}.bytes) continue;
    for (std::size_t at = 0; at < source.text.size();) {
      const auto lexeme = toml::first_lexeme(std::string_view(source.text).substr(at));
      const auto begin = std::exchange(at, at + lexeme.text.size());
      const bool is_comment = lexeme.kind == toml::Lexeme::Kind::comment;
      if (!is_comment && lexeme.kind != toml::Lexeme::Kind::string) continue;
      visit({.source = source,
             .text = *text,
             .begin = begin,
             .content = lexeme.text,
             .is_sentence = is_comment || sentences.contains(source.file, text->at(begin))});
    }
  }
}

}  // namespace mcpauth::policy::lint
