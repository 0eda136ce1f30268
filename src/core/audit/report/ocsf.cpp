#include "core/audit/report/ocsf.hpp"

#include <algorithm>
#include <array>

#include "core/base/reason.hpp"
#include "core/codec/format.hpp"
#include "core/codec/text.hpp"

namespace mcpauth::audit::report {
namespace {

using audit::Field;

struct Activity {
  int id;
  std::string_view name;
};

struct Kind {
  int category;
  std::string_view category_name;
  int type;
  std::string_view type_name;
};

constexpr Kind kAuthentication = {3, "Identity & Access Management", 3002, "Authentication"};
constexpr Kind kAuthorizeSession = {3, "Identity & Access Management", 3003, "Authorize Session"};
constexpr Kind kEntityManagement = {3, "Identity & Access Management", 3004, "Entity Management"};
constexpr Kind kApiActivity = {6, "Application Activity", 6003, "API Activity"};

constexpr Activity kOther = {99, ""};  // named like the event

struct Verb {
  std::string_view word;
  Activity activity;
};

// Create, Read, Update and Delete have the same numbers in 3004 and 6003.
constexpr std::array kVerbs = {
    Verb{"add", {1, "Create"}},    Verb{"create", {1, "Create"}},   Verb{"generate", {1, "Create"}},
    Verb{"put", {1, "Create"}},    Verb{"get", {2, "Read"}},        Verb{"list", {2, "Read"}},
    Verb{"read", {2, "Read"}},     Verb{"export", {2, "Read"}},     Verb{"update", {3, "Update"}},
    Verb{"rotate", {3, "Update"}}, Verb{"rekey", {3, "Update"}},    Verb{"retire", {3, "Update"}},
    Verb{"delete", {4, "Delete"}}, Verb{"remove", {4, "Delete"}},   Verb{"rm", {4, "Delete"}},
    Verb{"revoke", {4, "Delete"}}, Verb{"activate", {3, "Update"}},
};

std::string_view first_word(std::string_view event) {
  return event.substr(0, event.find_first_of(" ./:_-"));
}

std::string_view last_word(std::string_view event) {
  const auto before = event.find_last_of(" ./:_-");
  return before == std::string_view::npos ? event : event.substr(before + 1);
}

Activity activity_of(std::string_view event) {
  const auto* const verb = std::ranges::find(kVerbs, last_word(event), &Verb::word);
  return verb == kVerbs.end() ? kOther : verb->activity;
}

bool is_of_entities(std::string_view event) {
  constexpr std::array<std::string_view, 6> kWords = {"key",   "keys",   "keygen",
                                                      "vault", "policy", "config"};
  return std::ranges::find(kWords, first_word(event)) != kWords.end();
}

bool is_of_tokens(std::string_view event) {
  constexpr std::array<std::string_view, 4> kWords = {"mint", "token", "exchange", "oauth"};
  return std::ranges::find(kWords, first_word(event)) != kWords.end();
}

/// Builds the event of a record.
class Event {
 public:
  Event(const audit::LineView& record, std::string_view version)
      : record_(record), version_(version), name_(text(Field::event)) {}

  json::Object run() {
    const auto scopes = record_.scopes();
    if (is_of_entities(name_)) {
      head(kEntityManagement, activity_of(name_));
      event_.set("entity", entity());
    } else if (!is_of_tokens(name_)) {
      head(kApiActivity, activity_of(name_));
      api();
    } else if (scopes.empty()) {
      head(kAuthentication, {4, "Service Ticket Request"});
      event_.set("service", json::Object{{"name", "mcpauth"}});
      event_.set("user", user());
    } else {
      head(kAuthorizeSession, {1, "Assign Privileges"});
      event_.set("user", user());
      event_.set("privileges", json::Array(scopes.begin(), scopes.end()));
      if (const auto jti = text(Field::jti); !jti.empty())
        event_.set("session", json::Object{{"uid", jti}, {"issuer", "mcpauth"}});
    }
    event_.set("actor", actor());
    if (const auto client = text(Field::client_id); !client.empty() && !event_.find("src_endpoint"))
      event_.set("src_endpoint", json::Object{{"svc_name", client}});
    rest();
    return std::move(event_);
  }

 private:
  /// Only a damaged line contains invalid UTF-8.
  std::string text(Field field) const {
    const std::string whole = record_.text(field);
    return mcpauth::text::is_utf8(whole) ? whole : mcpauth::text::printable(whole);
  }

  void head(const Kind& kind, const Activity& activity) {
    const bool named = !activity.name.empty();
    event_.set("category_uid", kind.category);
    event_.set("category_name", kind.category_name);
    event_.set("class_uid", kind.type);
    event_.set("class_name", kind.type_name);
    event_.set("activity_id", activity.id);
    event_.set("activity_name", named ? std::string(activity.name) : name_);
    event_.set("type_uid", kind.type * 100 + activity.id);
    event_.set("type_name",
               mcpauth::text::format("{}: {}", kind.type_name, named ? activity.name : "Other"));
    const auto at = record_.ts();
    event_.set("time", at ? std::int64_t{at->time_since_epoch().count()} * 1000 : 0);
    verdict();
    event_.set("metadata", metadata());
  }

  /// The severity stays low: the rules of the SIEM decide what is an alert.
  void verdict() {
    const std::string decision = text(Field::decision);
    const bool allowed = decision == "allow";
    const bool denied = decision == "deny";
    const bool failed = decision == "error";
    event_.set("severity_id", allowed ? 1 : denied ? 2 : failed ? 3 : 0);
    event_.set("severity", allowed  ? "Informational"
                           : denied ? "Low"
                           : failed ? "Medium"
                                    : "Unknown");
    event_.set("status_id", allowed ? 1 : denied || failed ? 2 : 0);
    event_.set("status", allowed ? "Success" : denied || failed ? "Failure" : "Unknown");
    // A call that was allowed and then failed was not blocked.
    event_.set("action_id", allowed || failed ? 1 : denied ? 2 : 0);
    event_.set("disposition_id", allowed ? 1 : denied ? 2 : failed ? 27 : 0);
    const std::string reason = text(Field::reason);
    if (reason.empty()) return;
    event_.set("status_code", reason);
    if (const auto meaning = mcpauth::meaning(reason); !meaning.empty())
      event_.set("status_detail", meaning);
  }

  json::Object metadata() const {
    json::Object data{
        {"version", kOcsfVersion},
        {"product",
         json::Object{{"name", "mcpauth"}, {"vendor_name", "mcpauth"}, {"version", version_}}},
        {"profiles", json::Array{"security_control"}},
        {"log_name", "audit"},
        {"event_code", name_},
        {"sequence", record_.seq()},
        {"original_time", text(Field::ts)}};
    add(data, "uid", Field::id);
    add(data, "correlation_uid", Field::request_id);
    add(data, "tenant_uid", Field::org_id);
    return data;
  }

  void add(json::Object& object, std::string name, Field field) const {
    if (auto value = text(field); !value.empty()) object.set(std::move(name), std::move(value));
  }

  /// A user is required, but a token may identify nobody.
  json::Object user() const {
    json::Object user;
    add(user, "uid", Field::sub);
    if (user.empty()) return {{"name", "unknown"}, {"type_id", 0}};
    if (const auto org = text(Field::org_id); !org.empty())
      user.set("org", json::Object{{"uid", org}});
    return user;
  }

  json::Object actor() const {
    json::Object actor{{"user", user()}};
    if (const auto idp = text(Field::idp); !idp.empty())
      actor.set("idp", json::Object{{"name", idp}});
    add(actor, "app_uid", Field::client_id);
    return actor;
  }

  json::Object entity() const {
    const bool of_policy = first_word(name_) == "policy";
    json::Object entity{{"type", std::string(first_word(name_))}};
    if (of_policy) entity.set("type_id", 5);
    add(entity, "uid", Field::jti);
    if (!entity.find("uid")) entity.set("name", std::string(first_word(name_)));
    return entity;
  }

  void api() {
    const auto tool = text(Field::tool);
    json::Object api{{"operation", tool.empty() ? name_ : tool}};
    if (const auto server = text(Field::server); !server.empty())
      api.set("service", json::Object{{"name", server}});
    if (const auto code = record_.number(Field::status))
      api.set("response", json::Object{{"code", *code}});
    event_.set("api", std::move(api));
    if (const auto server = text(Field::server); !server.empty())
      event_.set("dst_endpoint", json::Object{{"svc_name", server}});
    // It is required, but a record has no address.
    const auto client = text(Field::client_id);
    event_.set("src_endpoint", json::Object{{"svc_name", client.empty() ? "unknown" : client}});
    if (tool.empty()) return;
    event_.set("resources", json::Array{json::Object{{"name", tool}, {"type", "tool"}}});
  }

  void rest() {
    if (const auto policy = text(Field::policy); !policy.empty())
      event_.set("policy", json::Object{{"uid", policy}});
    const auto micros = record_.number(Field::latency_us);
    if (micros) event_.set("duration", *micros / 1000);
    json::Object unmapped;
    if (micros) unmapped.set("latency_us", *micros);
    add(unmapped, "server", Field::server);
    add(unmapped, "tool", Field::tool);
    if (!event_.find("privileges")) {
      const auto scopes = record_.scopes();
      if (!scopes.empty()) unmapped.set("scopes", json::Array(scopes.begin(), scopes.end()));
    }
    if (!event_.find("session")) add(unmapped, "jti", Field::jti);
    if (!event_.find("api") && record_.number(Field::status))
      unmapped.set("status", *record_.number(Field::status));
    if (!unmapped.empty()) event_.set("unmapped", std::move(unmapped));
  }

  const audit::LineView& record_;
  std::string_view version_;
  std::string name_;
  json::Object event_;
};

}  // namespace

json::Object ocsf_event(const audit::LineView& outcome, std::string_view product_version) {
  return Event(outcome, product_version).run();
}

}  // namespace mcpauth::audit::report
