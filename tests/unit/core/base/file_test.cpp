#include "core/base/file.hpp"

#include <sys/stat.h>

#include <doctest/doctest.h>

#include "support/temp_dir.hpp"

namespace mcpauth {

TEST_CASE("base/file: reads what was written, whole") {
  const test::TempDir dir;
  const std::string content(10'000, 'x');
  REQUIRE(write_file(dir / "f", bytes_of(content), Overwrite::no));
  CHECK(*read_file(dir / "f") == content);
  CHECK(read_secret_file(dir / "f")->reveal_text() == content);
}

TEST_CASE("base/file: over the limit, missing and a directory are errors that name the path") {
  const test::TempDir dir;
  const auto file = dir.write("f", "12345");
  CHECK(read_file(file, 5).has_value());
  CHECK(read_file(file, 4).error().code == Errc::input);
  CHECK(read_secret_file(file, 4).error().code == Errc::input);
  CHECK(read_file(dir / "none").error().code == Errc::not_found);
  CHECK(read_file(dir.path()).error().message.find("is a directory") != std::string::npos);
}

TEST_CASE("base/file: a secret that others can read is refused") {
  const test::TempDir dir;
  const auto file = dir.write("key", "s3cret");
  REQUIRE(::chmod(file.c_str(), 0640) == 0);
  const auto read = read_secret_file(file);
  REQUIRE_FALSE(read);
  CHECK(read.error().hint == "chmod 600 " + file.string());
}

TEST_CASE("base/file: never overwrites unless told, and leaves no temporary behind") {
  const test::TempDir dir;
  const auto file = dir.write("f", "old");
  CHECK(write_file(file, bytes_of("new"), Overwrite::no).error().code == Errc::exists);
  CHECK(*read_file(file) == "old");
  REQUIRE(write_file(file, bytes_of("new"), Overwrite::yes));
  CHECK(*read_file(file) == "new");
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(dir.path()))
    ++files;
  CHECK(files == 1);
}

}  // namespace mcpauth
