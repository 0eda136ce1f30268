#include "core/policy/analysis/answer.hpp"

#include <algorithm>

#include "core/codec/format.hpp"
#include "core/codec/json.hpp"

namespace mcpauth::policy::analysis {
namespace {

Error bad(std::string message) {
  return {.code = Errc::input,
          .message = std::move(message),
          .hint = R"(write it like {"groups":["okta:HR"],"org":"acme","tool":"hr/get_employee"})"};
}

Result<std::string> string_of(const json::Member& member) {
  const auto* text = member.value.string();
  if (text == nullptr || text->empty())
    return bad(text::format("`{}` is not a string", member.name));
  return *text;
}

Result<std::vector<std::string>> groups_of(const json::Value& value) {
  const auto* list = value.array();
  if (list == nullptr) return bad("`groups` is not a list");
  std::vector<std::string> out;
  out.reserve(list->size());
  for (const auto& item : *list) {
    if (item.string() == nullptr) return bad("`groups` has an item that is not a string");
    out.push_back(*item.string());
  }
  return out;
}

Result<void> parse_member(Question& question, const json::Member& member, bool& has_groups) {
  if (member.name == "groups") {
    TRY(question.principal.groups, groups_of(member.value));
    has_groups = true;
  } else if (member.name == "org") {
    TRY(question.principal.org, string_of(member));
  } else if (member.name == "subject") {
    TRY(question.principal.subject, string_of(member));
  } else if (member.name == "tool" || member.name == "scope") {
    if (!question.asked.empty()) return bad("both `tool` and `scope` are asked about");
    TRY(question.asked, string_of(member));
    question.is_tool = member.name == "tool";
  } else {
    return bad(text::format("unknown member `{}`", member.name));
  }
  return {};
}

}  // namespace

Result<Question> parse_question(std::string_view line) {
  TRY(const auto value, json::parse(line));
  const auto* object = value.object();
  if (object == nullptr) return bad("the line is not a JSON object");
  Question question;
  bool has_groups = false;
  for (const auto& member : *object)
    TRY_VOID(parse_member(question, member, has_groups));
  if (!has_groups) return bad("`groups` is missing");
  if (question.principal.org.empty()) return bad("`org` is missing");
  if (question.asked.empty()) return bad("`tool` or `scope` is missing");
  return question;
}

const policy::Place* deciding_place(const policy::Decision& decision) {
  const auto deny = std::ranges::find(decision.evidence, true, &policy::Evidence::denied);
  if (deny != decision.evidence.end() && deny->pattern != nullptr) return &deny->pattern->place;
  if (!decision.evidence.empty() && decision.evidence.front().pattern != nullptr)
    return &decision.evidence.front().pattern->place;
  return decision.tool == nullptr ? nullptr : &decision.tool->pattern.place;
}

std::string text_of(const policy::Place& place) {
  std::string out = place.file;
  if (place.span.line == 0) return out;
  out.append(":").append(std::to_string(place.span.line));
  if (place.span.column != 0) out.append(":").append(std::to_string(place.span.column));
  return out;
}

Answered answer(const policy::Engine& engine, std::string_view line, std::uint64_t number,
                Instant now, std::string& out) {
  out.append("{\"line\":").append(std::to_string(number));
  const auto question = parse_question(line);
  if (!question) {
    out.append(",\"decision\":\"error\",\"error\":").append(json::quote(question.error().message));
    out.append("}\n");
    return Answered::failed;
  }
  const auto decision = ask(engine, *question, now);
  out.append(decision.allowed ? ",\"decision\":\"allow\"" : ",\"decision\":\"deny\"");
  out.append(",\"reason\":\"").append(decision.reason).append("\"");
  if (const auto* place = deciding_place(decision)) {
    out.append(",\"rule\":").append(json::quote(text_of(*place)));
  }
  out.append("}\n");
  return decision.allowed ? Answered::allowed : Answered::denied;
}

}  // namespace mcpauth::policy::analysis
