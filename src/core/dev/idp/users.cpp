#include "core/dev/idp/users.hpp"

#include <array>

#include "core/codec/text.hpp"
#include "core/codec/toml.hpp"

namespace mcpauth::dev::idp {
namespace {

constexpr std::array<std::string_view, 3> kKeys = {"groups", "org_id", "email"};

/// Collects what is wrong while the users are read.
class Reader {
 public:
  explicit Reader(std::string_view file) : file_(file) {}

  Users read(const toml::Table& root);
  std::vector<Problem> take_problems() { return std::move(problems_); }

 private:
  User read_user(const toml::Entry& entry);
  std::string text(const toml::Entry& entry);
  std::vector<std::string> texts(const toml::Entry& entry);
  void wrong(const toml::Span& span, std::string message, std::string hint = {}) {
    problems_.push_back(toml::problem(file_, span, std::move(message), std::move(hint)));
  }

  std::string_view file_;
  std::vector<Problem> problems_;
};

std::string Reader::text(const toml::Entry& entry) {
  if (const auto* value = entry.node.string()) return *value;
  wrong(entry.node.span,
        "`" + entry.key + "` must be a string, not " + std::string(entry.node.kind()));
  return {};
}

std::vector<std::string> Reader::texts(const toml::Entry& entry) {
  std::vector<std::string> values;
  const auto* list = entry.node.array();
  if (list == nullptr) {
    wrong(entry.node.span, "`" + entry.key + "` must be a list of strings",
          "write it as " + entry.key + " = [\"HR\"]");
    return values;
  }
  for (const auto& node : *list) {
    if (const auto* value = node.string()) {
      values.push_back(*value);
    } else {
      wrong(node.span, "a group must be a string, not " + std::string(node.kind()));
    }
  }
  return values;
}

User Reader::read_user(const toml::Entry& entry) {
  User user;
  const auto* table = entry.node.table();
  if (table == nullptr) {
    wrong(entry.node.span, "user `" + entry.key + "` must be a table",
          "write it as [users." + entry.key + "]");
    return user;
  }
  for (const auto& member : table->entries) {
    if (member.key == "groups") {
      user.groups = texts(member);
    } else if (member.key == "org_id") {
      user.org_id = text(member);
    } else if (member.key == "email") {
      user.email = text(member);
    } else {
      wrong(member.key_span, "unknown key `" + member.key + "`",
            text::did_you_mean(member.key, kKeys));
    }
  }
  return user;
}

Users Reader::read(const toml::Table& root) {
  Users users;
  for (const auto& entry : root.entries) {
    const auto* table = entry.node.table();
    if (entry.key != "users" || table == nullptr) {
      wrong(entry.key_span, "unknown key `" + entry.key + "`", "write users as [users.alice]");
      continue;
    }
    for (const auto& user : table->entries)
      users.emplace(user.key, read_user(user));
  }
  if (users.empty() && problems_.empty()) wrong({}, "there are no users", "add a [users.alice]");
  return users;
}

}  // namespace

Result<Users> parse_users(std::string_view text, std::string_view file) {
  TRY(const auto root, toml::parse(text, file));
  Reader reader(file);
  auto users = reader.read(root);
  auto problems = reader.take_problems();
  if (!problems.empty()) return error_from(Errc::config, std::move(problems));
  return users;
}

const Users& default_users() {
  static const Users kUsers = {
      {"alice", {.groups = {"HR"}, .org_id = "acme", .email = "alice@acme.example"}},
      {"bob", {.groups = {"sales"}, .org_id = "acme", .email = "bob@acme.example"}},
      {"eve", {.groups = {"HR"}, .org_id = "globex", .email = "eve@globex.example"}},
      {"nogroups", {.org_id = "acme", .email = "nogroups@acme.example"}},
  };
  return kUsers;
}

}  // namespace mcpauth::dev::idp
