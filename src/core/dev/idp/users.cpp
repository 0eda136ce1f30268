#include "core/dev/idp/users.hpp"

#include "core/codec/format.hpp"
#include "core/codec/toml_reader.hpp"

namespace mcpauth::dev::idp {
namespace {

User read_user(toml::Problems& problems, const toml::Entry& entry) {
  static constexpr std::string_view kKeys[] = {"groups", "org_id", "email"};
  const auto what = text::format("user `{}`", entry.key);
  toml::TableReader reader(problems, entry.node, what, kKeys);
  const auto text_of = [&](std::string_view key) {
    const auto* text = reader.text(key);
    return text != nullptr ? *text : std::string();
  };
  User user{.groups = {}, .org_id = text_of("org_id"), .email = text_of("email")};
  for (const auto* group : reader.texts("groups", R"(write it like groups = ["HR"])"))
    user.groups.push_back(*group->string());
  return user;
}

Users read_users(toml::Problems& problems, const toml::Table& root) {
  static constexpr std::string_view kKeys[] = {"users"};
  toml::TableReader reader(problems, root, {}, "the file", kKeys);
  Users users;
  if (const auto* list = reader.find("users")) {
    for (const auto& entry : toml::table_of(problems, *list, "`users`").entries)
      users.emplace(entry.key, read_user(problems, entry));
  }
  if (users.empty() && problems.empty()) {
    problems.add(toml::Span(), "there are no users", "add a [users.alice]");
  }
  return users;
}

}  // namespace

Result<Users> parse_users(std::string_view text, std::string_view file) {
  TRY(const auto root, toml::parse(text, file));
  toml::Problems problems(file);
  auto users = read_users(problems, root);
  if (!problems.empty()) return error_from(Errc::config, problems.take());
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
