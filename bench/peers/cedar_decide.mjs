// Decisions per second of Cedar (wasm) on the policy of bench/policy_decide.cpp: one permit per role
// for its tool; the principal's group is its parent. The policies are parsed once, before measuring.
// One JSON line per size. cedar_decide.mjs [SECONDS [ROLES...]]
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';

const seconds = Number(process.argv[2] ?? 2);
const sizes = process.argv.length > 3 ? process.argv.slice(3).map(Number) : [10, 1000];
const uid = (type, id) => ({ type, id });

for (const roles of sizes) {
  let policies = '';
  for (let i = 0; i < roles; i++) {
    policies += `permit(principal in Group::"group${i}", action == Action::"call", resource == Tool::"server/tool${i}");\n`;
  }
  const name = `set${roles}`;
  const parsed = cedar.preparsePolicySet(name, { staticPolicies: policies });
  if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed.errors));

  const any = () => Math.floor(Math.random() * roles);
  const ask = () => {
    const group = any();
    const tool = Math.random() < 0.5 ? group : any();
    const principal = uid('User', `user${group}`);
    const answer = cedar.statefulIsAuthorized({
      principal,
      action: uid('Action', 'call'),
      resource: uid('Tool', `server/tool${tool}`),
      context: {},
      preparsedPolicySetId: name,
      preparsedSchemaName: null,
      validateRequest: false,
      entities: [{ uid: principal, attrs: {}, parents: [uid('Group', `group${group}`)] }],
    });
    if (answer.type !== 'success') throw new Error(JSON.stringify(answer.errors));
    return answer.response.decision === 'allow';
  };
  let asked = 0;
  let allowed = 0;
  const cpuStart = process.cpuUsage();
  const start = performance.now();
  while (performance.now() - start < seconds * 1000) {
    if (ask()) allowed++;
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
