#!/usr/bin/env python3
"""Writes a realistic policy of any size, and questions to ask about it.

    bench/policy_text.py (--lines N | --grants N) [--questions N]

The same size gives the same text. The policy has inheritance, patterns, denies, tools with one or more
scopes, orgs that name their identity providers, and groups named by department, team and place. Each
role is granted to some groups, and every third group holds a second role. The questions are JSON Lines
for `rbac explain --batch`; about half of the answers are yes.
"""

import argparse
import json
import random

SERVERS = ["hr", "code", "payments", "crm", "ledger", "support", "wiki", "deploy", "billing", "search", "mail", "calendar",
           "storage", "metrics", "tickets", "legal", "fleet", "survey", "identity", "warehouse"]
THINGS = ["employee", "salary", "invoice", "contract", "customer", "refund", "repository", "release", "incident", "document",
          "budget", "vendor", "order", "shipment", "dashboard", "alert", "mailbox", "meeting", "backup", "report", "licence", "asset",
          "campaign", "forecast", "payslip"]
VERBS = {"read": ["get", "list", "search"], "write": ["set", "create"], "approve": ["approve"], "delete": ["delete"]}
DEPARTMENTS = ["Engineering", "Finance", "People", "Sales", "Marketing", "Support", "Legal", "Security", "Operations",
               "Research", "Procurement", "Facilities", "Data", "Design", "Treasury", "Audit"]
TEAMS = ["Payroll", "Platform", "Ledger", "Mobile", "Checkout", "Billing", "Onboarding", "Identity", "Networking", "Storage",
         "Search", "Pricing", "Tax", "Recruiting", "Benefits", "Partners", "Renewals", "Campaigns", "Analytics", "Reliability",
         "Compliance", "Fraud", "Logistics", "Warehouse", "Fleet", "Returns", "Travel", "Events", "Training", "Translation"]
POSITIONS = ["Members", "Leads", "Managers", "On-call", "Contractors", "Interns", "Approvers", "Reviewers", "Owners", "Auditors"]
PLACES = ["Berlin", "London", "Paris", "Madrid", "Oslo", "Dublin", "Vienna", "Zurich", "Boston", "Austin", "Denver", "Toronto",
          "Lima", "Bogota", "Tokyo", "Seoul", "Mumbai", "Sydney", "Nairobi", "Cairo", "Dubai", "Riga", "Gdansk", "Porto"]
COMPANIES = ["acme", "globex", "initech", "umbrella", "hooli", "stark", "wayne", "wonka", "tyrell", "cyberdyne"]
NAMES_OF_GROUPS = len(DEPARTMENTS) * len(TEAMS) * len(POSITIONS) * len(PLACES)


def scopes_of(count):
    every = [f"{server}:{verb}:{thing}" for thing in THINGS for server in SERVERS for verb in VERBS]
    return every[:count]


def is_high(scope):
    return scope.split(":")[1] in ("approve", "delete")


def tools_of(scopes):
    for scope in scopes:
        server, verb, thing = scope.split(":")
        for word in VERBS[verb]:
            read = f"{server}:read:{thing}"
            yield f"{server}/{word}_{thing}", [scope] if verb == "read" or read not in scopes else sorted([read, scope])


def role_text(name, description, inherits=(), scopes=(), deny=(), ttl=None):
    yield f"[roles.{name}]"
    yield f'description = "{description}"'
    for key, values in (("inherits", inherits), ("scopes", scopes), ("deny", deny)):
        if values:
            yield f"{key:<11} = {json.dumps(list(values))}"
    if ttl:
        yield f'ttl         = "{ttl}"'
    yield ""


class Company:
    def __init__(self, roles, scopes, grants, orgs):
        self.random = random.Random(1)
        self.scopes = scopes_of(scopes)
        self.orgs = [COMPANIES[i % len(COMPANIES)] + (f"-{i // len(COMPANIES)}" if i >= len(COMPANIES) else "") for i in range(orgs)]
        self.roles = []  # name, its own scopes
        self.role_lines = [line for i in range(roles) for line in self.role(i)]
        self.granted = [self.grant(i) for i in range(grants)]

    def role(self, i):
        """Every eighth role is the base of a team, and the next seven roles inherit it."""
        department, team = DEPARTMENTS[i // 8 % len(DEPARTMENTS)].lower(), TEAMS[i // 128 % len(TEAMS)].lower()
        base = f"{department}-{team}" + (f"-{i // 3840}" if i >= 3840 else "")
        if i % 8 == 0:
            own = [self.scopes[step * i // 8 % (len(self.scopes) // 4) * 4] for step in (13, 29)]  # read scopes only
            self.roles.append((base, own))
            return role_text(base, f"Everybody of {team} in {department}", scopes=sorted(set(own)))
        own = [self.scopes[(i // 8 * 13 + i % 8 * 5) % len(self.scopes)], self.scopes[(i // 8 * 29 + i % 8 * 7) % len(self.scopes)]]
        server, verb, _ = own[0].split(":")
        name = f"{base}-{POSITIONS[i % 8].lower()}"
        if i % 8 == 1:
            own = [f"{server}:{verb}:*", own[1]]
        self.roles.append((name, own))
        deny = [f"{SERVERS[(i // 8 + 3) % len(SERVERS)]}:delete:*"] if i % 8 == 4 else []
        return role_text(name, f"{POSITIONS[i % 8]} of {team}", inherits=[base], scopes=sorted(set(own)), deny=deny,
                         ttl="5m" if any(map(is_high, own)) else None)

    def group(self, i):
        i, place = divmod(i * 7919 % NAMES_OF_GROUPS, len(PLACES))
        i, position = divmod(i, len(POSITIONS))
        department, team = divmod(i, len(TEAMS))
        return f"okta:{DEPARTMENTS[department]}-{TEAMS[team]}-{POSITIONS[position]}-{PLACES[place]}"

    def grant(self, i):
        """Each grant has two groups. Every other grant gives a second role to a group of the grant before it."""
        first = 2 * i - i % 2
        role = i if i < len(self.roles) else self.random.randrange(len(self.roles))
        return self.roles[role][0], sorted([self.group(first), self.group(first + 1)]), self.orgs[i // 2 % len(self.orgs)]

    def lines(self):
        yield from ("# Made by bench/policy_text.py", "version = 1", "", "[scopes]")
        for scope in self.scopes:
            yield f'"{scope}" = {{ risk = "{"high" if is_high(scope) else "low" if ":read:" in scope else "medium"}" }}'
        yield from ("", "[tools]")
        for tool, needs in tools_of(self.scopes):
            yield f'"{tool}" = {json.dumps(needs)}'
        yield ""
        yield from self.role_lines
        risky = {role for role, own in self.roles if any(map(is_high, own))}
        for i, (role, groups, org) in enumerate(self.granted):
            yield from ("[[grant]]", f'role   = "{role}"', f"groups = {json.dumps(groups)}", f'org    = "{org}"')
            if i % 10 == 9:
                yield "expires = 2031-06-30"
            if role in risky:
                yield f'reason = "asked for in ticket {1000 + i}"'
            yield ""
        for org in self.orgs:
            yield from (f"[orgs.{org}]", 'idps = ["okta"]', "")

    def questions(self, count):
        scopes = dict(self.roles)
        for _ in range(count):
            role, groups, org = self.random.choice(self.granted)
            own = [scope for scope in scopes[role] if "*" not in scope]
            asked = self.random.choice(own if own and self.random.random() < 0.5 else self.scopes)
            yield json.dumps({"groups": [groups[0]], "org": org, "scope": asked})


def company_of(grants):
    """A large company has more roles, scopes and orgs, but not in proportion to its grants."""
    roles = max(16, min(5000, grants // 4 if grants < 4000 else 800 + grants // 25))
    return Company(roles, max(60, min(2000, roles // 2)), grants, max(1, min(40, grants // 500)))


def company_of_lines(lines):
    company = company_of(lines // 8)
    while len(list(company.lines())) < lines:
        company = company_of(len(company.granted) + 8)
    return company


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    size = parser.add_mutually_exclusive_group(required=True)
    size.add_argument("--lines", type=int, metavar="N", help="a policy of at least N lines")
    size.add_argument("--grants", type=int, metavar="N", help="a policy of N grants")
    parser.add_argument("--questions", type=int, metavar="N", help="print N questions instead of the policy")
    options = parser.parse_args()
    company = company_of(options.grants) if options.grants else company_of_lines(options.lines)
    print("\n".join(company.questions(options.questions) if options.questions else company.lines()))


if __name__ == "__main__":
    main()
