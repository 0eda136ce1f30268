#include "core/policy/lint/source/formatter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "core/codec/format.hpp"
#include "core/codec/toml.hpp"
#include "core/policy/lint/source/snippet.hpp"
#include "core/policy/lint/source/tokens.hpp"

namespace mcpauth::policy::lint {
namespace {

using Kind = Token::Kind;

/// One or more whole lines: a blank line, a comment, a table header, or a key with its value.
struct Statement {
  enum class What : unsigned char { blank, comment, header, entry };
  What what = What::blank;
  std::string name = {};  ///< the key of an entry, or the name inside the brackets of a header
  std::string text = {};  ///< what to write; for an entry, what follows the `=`
};

/// Groups tokens into statements and sets the blanks between them.
class Reader {
 public:
  explicit Reader(std::span<const Token> tokens) : tokens_(tokens) {}

  std::vector<Statement> run() {
    std::vector<Statement> out;
    while (at_ < tokens_.size()) {
      out.push_back(statement());
      if (at_ < tokens_.size()) ++at_;  // the line break
    }
    return out;
  }

 private:
  bool at_line_end() const { return at_ >= tokens_.size() || tokens_[at_].kind == Kind::line_end; }

  Statement statement() {
    using What = Statement::What;
    if (at_line_end()) return {};
    const auto& first = tokens_[at_];
    if (first.kind == Kind::comment) {
      ++at_;
      return {What::comment, {}, std::string(first.text)};
    }
    Statement out{.what = first.is('[') ? What::header : What::entry};
    if (out.what == What::header) {
      out.text = header();
      out.name = out.text.substr(out.text.find_first_not_of('['));
      out.name.erase(out.name.find_last_not_of(']') + 1);
    } else {
      while (!tokens_[at_].is('='))
        out.name += tokens_[at_++].text;
      ++at_;
      out.text = value();
    }
    if (!at_line_end()) out.text += "  " + std::string(tokens_[at_++].text);
    return out;
  }

  /// The tokens of a header, without blanks.
  std::string header() {
    std::string out;
    for (; !at_line_end() && tokens_[at_].kind != Kind::comment; ++at_)
      out += tokens_[at_].text;
    return out;
  }

  std::string value() {
    out_.clear();
    open_.clear();
    is_line_begin_ = false;
    for (; at_ < tokens_.size(); ++at_) {
      const auto& token = tokens_[at_];
      if (open_.empty() && (token.kind == Kind::line_end || token.kind == Kind::comment)) break;
      part(token);
      last_ = &token;
    }
    return std::move(out_);
  }

  /// Appends one token of a value.
  void part(const Token& token) {
    if (token.kind == Kind::line_end) {
      // One blank line at most.
      if (!out_.ends_with("\n\n")) out_ += '\n';
      is_line_begin_ = true;
      return;
    }
    const bool closes = token.is(']') || token.is('}');
    if (closes) open_.pop_back();
    if (is_line_begin_) {
      out_.append(2 * open_.size(), ' ');
    } else {
      out_ += blanks_before(token);
    }
    is_line_begin_ = false;
    out_ += token.text;
    if (token.is('[') || token.is('{')) open_.push_back(token.text.front());
  }

  std::string_view blanks_before(const Token& token) const {
    if (token.kind == Kind::comment) return "  ";
    if (out_.empty() || token.is(',')) return "";
    if (last_->is('[') || token.is(']')) return "";
    if (last_->is('{')) return token.is('}') ? "" : " ";
    if (token.is('}') || token.is('=') || last_->is('=') || last_->is(',')) return " ";
    // Two neighbouring words are the parts of a dotted name, or a date and its time.
    return is_in_name() ? "" : " ";
  }

  /// Whether the token is part of a key of an inline table, whose `=` is still to come.
  bool is_in_name() const {
    if (open_.empty() || open_.back() != '{') return false;
    for (auto i = at_; i < tokens_.size(); ++i) {
      if (tokens_[i].is('=')) return true;
      if (tokens_[i].kind == Kind::punctuation || tokens_[i].kind == Kind::line_end) return false;
    }
    return false;
  }

  std::span<const Token> tokens_;
  std::size_t at_ = 0;
  std::string out_;
  std::vector<char> open_;
  bool is_line_begin_ = false;
  const Token* last_ = nullptr;
};

// The keys of each table in the order of the documentation.
constexpr std::array<std::string_view, 5> kRole = {"description", "inherits", "scopes", "deny",
                                                   "ttl"};
constexpr std::array<std::string_view, 5> kGrant = {"role", "groups", "org", "expires", "reason"};
constexpr std::array<std::string_view, 2> kSeparation = {"name", "never_both"};
constexpr std::array<std::string_view, 2> kTop = {"version", "include"};

/// The order of the keys below a header. Empty: they keep their order.
std::span<const std::string_view> order_of(std::string_view header) {
  if (header.empty()) return kTop;
  if (header.starts_with("roles.")) return kRole;
  if (header == "grant") return kGrant;
  if (header == "separation") return kSeparation;
  return {};
}

/// Sorts neighbouring entries, if the order names each of their keys.
void sort_entries(std::span<Statement> entries, std::span<const std::string_view> order) {
  const auto rank = [&](const Statement& entry) {
    return std::ranges::find(order, entry.name) - order.begin();
  };
  const bool all_known = std::ranges::all_of(entries, [&](const Statement& entry) {
    return std::ranges::find(order, entry.name) != order.end();
  });
  if (all_known) std::ranges::stable_sort(entries, {}, rank);
}

void sort_all(std::vector<Statement>& statements) {
  std::string_view header;
  for (std::size_t i = 0; i < statements.size();) {
    if (statements[i].what == Statement::What::header) header = statements[i].name;
    auto end = i;
    while (end < statements.size() && statements[end].what == Statement::What::entry)
      ++end;
    // The first entry stays below its comment.
    const bool has_comment = i > 0 && statements[i - 1].what == Statement::What::comment;
    const auto begin = has_comment ? std::min(i + 1, end) : i;
    sort_entries(std::span(statements).subspan(begin, end - begin), order_of(header));
    i = std::max(end, i + 1);
  }
}

/// The first of the comments right above a header; without one, the header itself.
std::size_t begin_of_table(const std::vector<Statement>& statements, std::size_t header) {
  while (header > 0 && statements[header - 1].what == Statement::What::comment)
    --header;
  return header;
}

/// The width of the longest key among the neighbouring entries that begin here. Very long keys do
/// not count: they stick out.
std::size_t key_width(std::span<const Statement> statements) {
  constexpr std::size_t kMost = 40;
  std::size_t width = 0;
  for (const auto& statement : statements) {
    if (statement.what != Statement::What::entry) break;
    const auto own = display_width(statement.name);
    if (own <= kMost) width = std::max(width, own);
  }
  return width;
}

std::string written(const std::vector<Statement>& statements) {
  std::vector<bool> begins_table(statements.size() + 1);
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (statements[i].what == Statement::What::header)
      begins_table[begin_of_table(statements, i)] = true;
  }
  std::string out;
  bool after_blank = true;
  std::size_t width = 0;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (statements[i].what == Statement::What::blank) {
      if (!after_blank) out += '\n';
      after_blank = true;
      continue;
    }
    if (begins_table[i] && !after_blank) out += '\n';
    const bool is_entry = statements[i].what == Statement::What::entry;
    const bool begins_run =
        is_entry && (i == 0 || statements[i - 1].what != Statement::What::entry);
    if (begins_run) width = key_width(std::span(statements).subspan(i));
    if (is_entry) {
      const auto own = display_width(statements[i].name);
      out += statements[i].name;
      out.append(width - std::min(width, own), ' ').append(" = ");
    }
    out += statements[i].text + "\n";
    after_blank = false;
  }
  while (out.ends_with("\n\n"))
    out.pop_back();
  return out;
}

bool equal(const toml::Node& a, const toml::Node& b);

bool equal(const toml::Table& a, const toml::Table& b) {
  const auto sorted = [](const toml::Table& table) {
    std::vector<const toml::Entry*> out;
    for (const auto& entry : table.entries)
      out.push_back(&entry);
    std::ranges::sort(out, {},
                      [](const toml::Entry* entry) { return std::string_view(entry->key); });
    return out;
  };
  return std::ranges::equal(sorted(a), sorted(b), [](const auto* x, const auto* y) {
    return x->key == y->key && equal(x->node, y->node);
  });
}

bool equal(const toml::Node& a, const toml::Node& b) {
  if (a.table() != nullptr && b.table() != nullptr) return equal(*a.table(), *b.table());
  if (a.array() != nullptr && b.array() != nullptr) {
    return std::ranges::equal(*a.array(), *b.array(),
                              [](const auto& x, const auto& y) { return equal(x, y); });
  }
  return std::visit(
      [](const auto& x, const auto& y) {
        using X = std::decay_t<decltype(x)>;
        using Y = std::decay_t<decltype(y)>;
        constexpr bool kIsScalar =
            !std::is_same_v<X, toml::Array> && !std::is_same_v<X, toml::Table>;
        if constexpr (std::is_same_v<X, double> && std::is_same_v<Y, double>) {
          return x == y || (std::isnan(x) && std::isnan(y));  // the text of a NaN stays
        } else if constexpr (std::is_same_v<X, Y> && kIsScalar) {
          return x == y;
        } else {
          return false;
        }
      },
      a.value, b.value);
}

}  // namespace

Result<std::string> formatted(std::string_view text, std::string_view file) {
  const toml::Limits limits{.bytes = 32 << 20, .values = 4'000'000};
  TRY(const auto before, toml::parse(text, file, limits));
  const auto tokens = tokens_of(text);
  auto statements = Reader(tokens).run();
  sort_all(statements);
  auto out = written(statements);
  const auto after = toml::parse(out, file, limits);
  if (!after || !equal(before, *after)) {
    return Error{
        .code = Errc::input,
        .message = text::format("`{}` cannot be formatted without changing its meaning", file),
        .hint = "the file is left as it is"};
  }
  return out;
}

}  // namespace mcpauth::policy::lint
