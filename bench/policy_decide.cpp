// Decisions per second for growing numbers of roles. Each role has one scope, one tool and one
// group, and each principal is in one random group, as in casbin's own benchmarks. Prints one JSON
// line per size. On a busy machine, use the figure per second of CPU time. bench_policy_decide
// [SECONDS [ROLES...]]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "core/policy/engine/decide.hpp"

namespace {

using namespace mcpauth;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

std::string policy_of(int roles) {
  std::string out = "version = 1\n[tools]\n";
  for (int i = 0; i < roles; ++i) {
    const auto n = std::to_string(i);
    out += "\"server/tool" + n + "\" = [\"data" + n + ":read\"]\n";
  }
  for (int i = 0; i < roles; ++i) {
    const auto n = std::to_string(i);
    out += "[roles.role" + n + "]\nscopes = [\"data" + n + ":read\"]\n";
    out +=
        "[[grant]]\nrole = \"role" + n + "\"\ngroups = [\"okta:group" + n + "\"]\norg = \"acme\"\n";
  }
  return out;
}

struct Question {
  policy::Principal principal;
  std::string tool;
};

/// About half of the answers are yes.
std::vector<Question> questions_for(int roles) {
  std::mt19937 random(1);
  const auto any = [&] { return std::to_string(random() % static_cast<unsigned>(roles)); };
  std::vector<Question> out(4096);
  for (auto& question : out) {
    const auto group = any();
    question.principal = {.idp = "okta",
                          .subject = "user" + group,
                          .org = "acme",
                          .groups = {"okta:group" + group},
                          .client_id = {}};
    question.tool = "server/tool" + (random() % 2 == 0 ? group : any());
  }
  return out;
}

bool measure(int roles, double least_seconds) {
  const auto text = policy_of(roles);
  const double parse_start = cpu_seconds();
  auto policy = policy::parse(text, "rbac.toml");
  const double parse_seconds = cpu_seconds() - parse_start;
  if (!policy) return false;
  const double compile_start = cpu_seconds();
  const policy::Engine engine(*std::move(policy));
  const double compile_seconds = cpu_seconds() - compile_start;
  const auto questions = questions_for(roles);
  const Instant now = std::chrono::sys_days(std::chrono::year(2027) / 1 / 1);

  std::size_t asked = 0;
  std::size_t allowed = 0;
  const auto start = Clock::now();
  const double cpu_start = cpu_seconds();
  double seconds = 0;
  do {
    for (const auto& question : questions) {
      allowed += engine.tool(question.principal, question.tool, now).allowed ? 1U : 0U;
    }
    asked += questions.size();
    seconds = seconds_since(start);
  } while (seconds < least_seconds);
  const double cpu = cpu_seconds() - cpu_start;
  const auto count = static_cast<double>(asked);
  std::printf(
      "{\"roles\":%d,\"per_second\":%.0f,\"per_cpu_second\":%.0f,\"allowed\":%.3f,"
      "\"parse_ms\":%.2f,\"compile_ms\":%.2f}\n",
      roles, count / seconds, count / cpu, static_cast<double>(allowed) / count,
      parse_seconds * 1e3, compile_seconds * 1e3);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 1.0;
  std::vector<int> sizes;
  for (int i = 2; i < argc; ++i)
    sizes.push_back(std::atoi(argv[i]));
  if (sizes.empty()) sizes = {10, 100, 1'000, 10'000};
  for (const int roles : sizes) {
    if (roles < 1 || !measure(roles, seconds)) return 1;
  }
  return 0;
}
