#include "core/policy/engine/load.hpp"

#include <filesystem>
#include <map>
#include <string>

#include <doctest/doctest.h>

#include "support/temp_dir.hpp"

using namespace mcpauth;
using policy::Reading;
using test::TempDir;

namespace {

/// Files in memory by path.
struct Memory {
  std::map<std::string, std::string> files;

  Reading read(const std::string& file, const policy::PolicyLimits& limits = {}) const {
    return policy::read(
        files.at(file), file,
        [&](const std::filesystem::path& path) -> Result<std::string> {
          const auto found = files.find(path.string());
          if (found == files.end())
            return Error{.code = Errc::not_found, .message = "no `" + path.string() + "`"};
          return found->second;
        },
        limits);
  }
};

std::string text_of(const Reading& reading) {
  std::string out;
  for (const auto& fault : reading.faults)
    out += std::string(fault.rule) + " " + fault.problem().text() + "\n";
  return out;
}

}  // namespace

TEST_CASE("policy/load: what is included belongs to the policy, with its own places") {
  const Memory disk{{{"p/rbac.toml",
                      "version = 1\ninclude = [\"roles/base.toml\"]\n"
                      "[[grant]]\nrole = \"reader\"\ngroups = [\"okta:HR\"]\n"},
                     {"p/roles/base.toml", "version = 1\n\n[roles.reader]\nscopes = [\"a:b\"]\n"}}};
  const auto reading = disk.read("p/rbac.toml");
  CHECK(text_of(reading) == "");
  REQUIRE(reading.policy.roles.size() == 1);
  CHECK(reading.policy.roles[0].name.place.file == "p/roles/base.toml");
  CHECK(reading.policy.roles[0].name.place.span.line == 3);
  CHECK(reading.policy.grants[0].place.file == "p/rbac.toml");
  REQUIRE(reading.sources.size() == 2);
  CHECK(reading.sources[0].file == "p/rbac.toml");
}

TEST_CASE("policy/load: an include never leads out of the folder of the policy") {
  for (const std::string path : {"../x.toml", "/etc/passwd", "a/../../x.toml", ".."}) {
    CAPTURE(path);
    const Memory disk{{{"p/rbac.toml", "version = 1\ninclude = [\"" + path + "\"]\n"},
                       {"x.toml", "version = 1\n"},
                       {"p/../x.toml", "version = 1\n"}}};
    const auto reading = disk.read("p/rbac.toml");
    REQUIRE(reading.faults.size() == 1);
    CHECK(reading.faults[0].rule == policy::rule::kBadInclude);
    CHECK(reading.faults[0].place.span.line == 2);
    CHECK(reading.sources.size() == 1);
  }
}

TEST_CASE("policy/load: files that include each other in a circle are named, not followed") {
  const Memory disk{{{"rbac.toml", "version = 1\ninclude = [\"a.toml\"]\n"},
                     {"a.toml", "version = 1\ninclude = [\"b.toml\"]\n"},
                     {"b.toml", "version = 1\ninclude = [\"rbac.toml\", \"./a.toml\"]\n"}}};
  CHECK(text_of(disk.read("rbac.toml")) ==
        "bad-include b.toml:2:12: `rbac.toml` includes itself, directly or through other files\n"
        "bad-include b.toml:2:25: `./a.toml` includes itself, directly or through other files\n");
}

TEST_CASE("policy/load: a file that is included twice is read once") {
  const Memory disk{{{"rbac.toml", "version = 1\ninclude = [\"a.toml\", \"b.toml\", \"a.toml\"]\n"},
                     {"a.toml", "version = 1\ninclude = [\"b.toml\"]\n[roles.a]\n"},
                     {"b.toml", "version = 1\n[roles.b]\n"}}};
  const auto reading = disk.read("rbac.toml");
  CHECK(text_of(reading) == "");
  CHECK(reading.policy.roles.size() == 2);
  CHECK(reading.sources.size() == 3);
}

TEST_CASE("policy/load: a name that two files define is a fault with both places") {
  const Memory disk{{{"rbac.toml", "version = 1\ninclude = [\"a.toml\"]\n[roles.x]\n"},
                     {"a.toml", "version = 1\n[roles.x]\n"}}};
  const auto reading = disk.read("rbac.toml");
  CHECK(text_of(reading) == "duplicate-definition a.toml:2:8: role `x` is defined a second time\n");
  REQUIRE(reading.faults[0].related.size() == 1);
  CHECK(reading.faults[0].related[0].place.file == "rbac.toml");
}

TEST_CASE("policy/load: faults of all files are reported together") {
  const Memory disk{{{"rbac.toml",
                      "version = 1\ninclude = [\"a.toml\", \"gone.toml\"]\n"
                      "[roles.x]\ninherit = []\n"},
                     {"a.toml", "version = 1\n[roles.y]\nscopes = [\"a b\"\n"}}};
  const auto reading = disk.read("rbac.toml");
  REQUIRE(reading.faults.size() == 3);
  CHECK(reading.faults[0].rule == policy::rule::kTomlSyntax);
  CHECK(reading.faults[0].place.file == "a.toml");
  CHECK(reading.faults[1].rule == policy::rule::kBadInclude);
  CHECK(reading.faults[2].rule == policy::rule::kUnknownKey);
  CHECK(reading.faults[2].instead == "inherits");
}

TEST_CASE("policy/load: the number, the size and the depth of files are bounded") {
  Memory disk;
  for (int i = 0; i < 40; ++i) {
    disk.files[std::to_string(i) + ".toml"] =
        "version = 1\ninclude = [\"" + std::to_string(i + 1) + ".toml\"]\n";
  }
  const auto deep = disk.read("0.toml");
  REQUIRE(deep.faults.size() == 1);
  CHECK(deep.faults[0].message == "more than 16 files include each other in a row");

  const auto many = disk.read("0.toml", {.files = 3});
  REQUIRE(many.faults.size() == 1);
  CHECK(many.faults[0].message == "more than 3 files");

  disk.files["1.toml"] = "version = 1\n#" + std::string(1 << 20, 'x');
  const auto large = disk.read("0.toml", {.bytes = 1 << 20});
  REQUIRE(large.faults.size() == 1);
  CHECK(large.faults[0].message == "the files together are larger than 1 MiB");
}

TEST_CASE("policy/load: a link out of the folder, a folder and a missing file are faults") {
  const TempDir dir;
  std::filesystem::create_directory(dir.path() / "p");
  dir.write("outside.toml", "version = 1\n");
  std::filesystem::create_symlink("../outside.toml", dir.path() / "p" / "link.toml");
  std::filesystem::create_directory(dir.path() / "p" / "folder.toml");
  dir.write(
      "p/rbac.toml",
      "version = 1\ninclude = [\"link.toml\", \"folder.toml\", \"none.toml\", \"good.toml\"]\n");
  dir.write("p/good.toml", "version = 1\n[roles.x]\n");
  const auto reading = policy::read(dir.path() / "p" / "rbac.toml");
  REQUIRE(reading);
  REQUIRE(reading->faults.size() == 3);
  CHECK(reading->faults[0].message.find("leads out of") != std::string::npos);
  CHECK(reading->faults[1].message.find("is not a file") != std::string::npos);
  CHECK(reading->faults[2].message.find("cannot read") != std::string::npos);
  CHECK(reading->policy.roles.size() == 1);
  CHECK_FALSE(policy::load(dir.path() / "p" / "rbac.toml"));
  CHECK_FALSE(policy::read(dir.path() / "p" / "absent.toml"));
}
