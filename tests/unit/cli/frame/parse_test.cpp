#include "cli/frame/parse.hpp"

#include <map>

#include <doctest/doctest.h>

namespace mcpauth::cli {
namespace {

/// A command with one option of each kind.
struct Fixture {
  Spec spec;
  std::map<std::string, std::string> variables;
  bool loud = false;
  std::string audience;
  std::optional<std::string> org;
  std::vector<std::string> scopes;
  std::string token;
  std::vector<std::string> files;
  std::vector<std::string> parts;

  Fixture() {
    spec.flag("-l,--loud", "Loud", loud).variable = "LOUD";
    spec.value("-a,--audience", "URL", "Audience", audience).variable = "AUDIENCE";
    spec.value("--org", "ORG", "Organisation", org).choices = {"acme", "globex"};
    spec.values("-s,--scope", "SCOPE", "Scope", scopes);
  }

  Result<void> parse(const std::vector<std::string>& args) {
    std::vector<const Option*> options;
    for (const auto& option : spec.options())
      options.push_back(&option);
    const auto variable = [&](std::string_view name) {
      const auto found = variables.find(std::string(name));
      return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
    };
    return cli::parse(options, args, variable, "mint");
  }

  std::string refusal(const std::vector<std::string>& args) {
    const auto parsed = parse(args);
    if (parsed) return "accepted";
    CHECK(parsed.error().code == Errc::usage);
    return parsed.error().message;
  }
};

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(Fixture, "cli/parse: flags and arguments mix in any order and every spelling") {
  spec.argument("TOKEN", "Token", token);
  spec.arguments("FILE", "Files", files);
  REQUIRE(parse({"-la", "x", "tok", "-s", "a", "--scope=b", "f1", "--org=acme", "-sc", "f2"}));
  CHECK(loud);
  CHECK(audience == "x");
  CHECK(org == "acme");
  CHECK(scopes == Strings{"a", "b", "c"});
  CHECK(token == "tok");
  CHECK(files == Strings{"f1", "f2"});
}

TEST_CASE_FIXTURE(Fixture, "cli/parse: after -- everything is positional") {
  spec.arguments("FILE", "Files", files);
  REQUIRE(parse({"-l", "--", "--org", "-", "--"}));
  CHECK(files == Strings{"--org", "-", "--"});
  CHECK_FALSE(org);
}

TEST_CASE_FIXTURE(Fixture, "cli/parse: values that begin with a dash, are empty or hold brackets") {
  spec.arguments("FILE", "Files", files);
  spec.values("--part", "P", "Part, also an empty one", parts).may_be_empty = true;
  REQUIRE(parse({"-a", "-2h", "-s", "-", "-s", "[a,b]", "--part=", "--part", "", "[c,d]", "-"}));
  CHECK(audience == "-2h");
  CHECK(scopes == Strings{"-", "[a,b]"});
  CHECK(parts == Strings{"", ""});
  CHECK(files == Strings{"[c,d]", "-"});
  REQUIRE(parse({"--audience=--org"}));
  CHECK(audience == "--org");
}

TEST_CASE_FIXTURE(Fixture, "cli/parse: each mistake has its own message") {
  CHECK(refusal({"--audiance", "x"}) == "unknown flag `--audiance`; did you mean `--audience`?");
  CHECK(refusal({"--audiance=x"}) == "unknown flag `--audiance`; did you mean `--audience`?");
  CHECK(refusal({"-x"}) == "unknown flag `-x`");
  CHECK(refusal({"stray"}) == "unexpected argument `stray`");
  CHECK(refusal({"-a"}) == "`-a` needs a value");
  CHECK(refusal({"--audience", "--org", "acme"}) ==
        "`--audience` needs a value, and `--org` is a flag");
  CHECK(refusal({"-a", "1", "--audience", "2"}) == "`--audience` is given 2 times");
  CHECK(refusal({"--loud=yes"}) == "`--loud` takes no value");
  CHECK(refusal({"--org", "acne"}) == "--org: `acne` is not one of acme, globex");
}

TEST_CASE_FIXTURE(Fixture,
                  "cli/parse: an empty value is an error, and not a flag that was left out") {
  spec.argument("TOKEN", "Token", token);
  const std::vector<std::vector<std::string>> all = {
      {"tok", "--org", ""}, {"tok", "--org="}, {"tok", "-a", ""}, {"tok", "-s", "a", "-s", ""}};
  for (const auto& args : all) {
    CAPTURE(args.back());
    const auto parsed = parse(args);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == Errc::usage);
    CHECK(parsed.error().message.ends_with(" is empty"));
    CHECK(parsed.error().hint == "leave the flag out, or give a value; is a variable unset?");
  }
  CHECK(refusal({"tok", "--org", ""}) == "--org is empty");
  CHECK(refusal({""}) == "TOKEN is empty");
  variables = {{"AUDIENCE", ""}};
  CHECK(parse({"tok"}));
}

TEST_CASE_FIXTURE(
    Fixture, "cli/parse: the error for an argument that begins with a dash says how to give it") {
  const auto hint = [&](const std::vector<std::string>& args) {
    const auto parsed = parse(args);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().message.starts_with("unknown flag `"));
    return parsed.error().hint;
  };
  CHECK(hint({"-bcDEF_1"}) == "mcpauth mint --help");  // there is no argument that it could be
  spec.argument("TOKEN", "Token", token);
  const std::string how = "if it is the TOKEN, put -- before it: mcpauth mint -- ";
  CHECK(hint({"-bcDEF_1-x"}) == how + "-bcDEF_1-x");
  CHECK(hint({"-lbc"}) == how + "-lbc");  // -l is a flag, so CLI11 took it out
  CHECK(hint({"-bc=d"}) == how + "-bc=d");
  CHECK(hint({"--Ab9_"}) == how + "--Ab9_");
  for (const std::string flag : {"-x", "--nope", "--audiance"}) {
    CAPTURE(flag);
    CHECK(hint({flag}) == "mcpauth mint --help");
  }
  CHECK(hint({"tok", "-bcDEF_1"}) == "mcpauth mint --help");
  REQUIRE(parse({"--", "-bcDEF_1-x"}));
  CHECK(token == "-bcDEF_1-x");
}

TEST_CASE_FIXTURE(Fixture, "cli/parse: a missing required option is named") {
  spec.argument("TOKEN", "Token", token);
  CHECK(refusal({}) == "`TOKEN` is missing");
  spec.value("--key", "SRC", "Key", audience).required = true;
  CHECK(refusal({"tok"}) == "`--key` is missing");
}

TEST_CASE_FIXTURE(Fixture, "cli/parse: a variable is used when its flag is not given") {
  variables = {{"AUDIENCE", "from-variable"}, {"LOUD", "1"}};
  REQUIRE(parse({}));
  CHECK(audience == "from-variable");
  CHECK(loud);
  REQUIRE(parse({"-a", "from-flag"}));
  CHECK(audience == "from-flag");
  variables = {{"LOUD", "yes"}};
  CHECK(refusal({}) == "`LOUD` is neither 1 nor 0");
}

TEST_CASE_FIXTURE(Fixture, "cli/parse: a value that does not convert names the flag and says why") {
  spec.custom("--ttl", "D", "Lifetime", [](std::string_view) -> Result<void> {
    return Error{.code = Errc::input, .message = "not a duration", .hint = "write 10m"};
  });
  const auto parsed = parse({"--ttl", "x"});
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().code == Errc::usage);
  CHECK(parsed.error().message == "--ttl: not a duration");
  CHECK(parsed.error().hint == "write 10m");
}

TEST_CASE_FIXTURE(Fixture, "cli/parse: a secret on the command line is refused and not repeated") {
  spec.argument("TOKEN", "Token", token);
  const std::string jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln";
  for (const auto& args : {Strings{jwt}, Strings{"-a", jwt, "t"}, Strings{"t", jwt},
                           Strings{"-a", "ghp_0123456789abcdefghij", "t"},
                           Strings{"-a", "-----BEGIN PRIVATE KEY-----\nMC4", "t"},
                           Strings{"-a", R"({"kty":"OKP","crv":"Ed25519","d":"AAAA"})", "t"}}) {
    const auto message = refusal(args);
    CAPTURE(message);
    CHECK(message.ends_with(" contains a secret"));
  }
}

}  // namespace mcpauth::cli
