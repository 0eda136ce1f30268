// Decisions per second of casbin on the policy of bench/policy_decide.cpp: each role has one
// permission and each group one role. One JSON line per size. casbin_decide.mjs [SECONDS [ROLES...]]
import { newEnforcer, newModel, StringAdapter } from 'casbin';

const model = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act
`;

const seconds = Number(process.argv[2] ?? 2);
const sizes = process.argv.length > 3 ? process.argv.slice(3).map(Number) : [10, 1000];

for (const roles of sizes) {
  const lines = [];
  for (let i = 0; i < roles; i++) {
    lines.push(`p, role${i}, server/tool${i}, call`, `g, group${i}, role${i}`);
  }
  const enforcer = await newEnforcer(newModel(model), new StringAdapter(lines.join('\n')));
  const any = () => Math.floor(Math.random() * roles);
  let asked = 0;
  let allowed = 0;
  const cpuStart = process.cpuUsage();
  const start = performance.now();
  while (performance.now() - start < seconds * 1000) {
    const group = any();
    const tool = Math.random() < 0.5 ? group : any();
    if (await enforcer.enforce(`group${group}`, `server/tool${tool}`, 'call')) allowed++;
    asked++;
  }
  const elapsed = (performance.now() - start) / 1000;
  const cpu = process.cpuUsage(cpuStart);
  console.log(JSON.stringify({
    roles,
    per_second: Math.round(asked / elapsed),
    per_cpu_second: Math.round((asked * 1e6) / (cpu.user + cpu.system)),
    allowed: allowed / asked,
  }));
}
