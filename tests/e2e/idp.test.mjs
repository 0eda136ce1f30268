// The main job with a real IdP: its access token becomes our short-lived JWT under the policy, in
// three algorithms and through a change of the IdP's keys.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { decodeJwt } from 'jose';
import { file, folder, freePort, mcpauth, start } from './support.mjs';

const resource = 'https://mcpauth.example';
let issuer;
let config;

/** An access token for a user by the code flow with PKCE, as a browser would get it. */
async function userToken(user, alg) {
  const client = `app-${alg}`;
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({ client_id: client, response_type: 'code', scope: 'openid mcp', resource, login_hint: user,
    redirect_uri: 'http://127.0.0.1/callback', code_challenge_method: 'S256', state: 'x',
    code_challenge: createHash('sha256').update(verifier).digest('base64url') });
  const cookies = new Map();
  let url = `${issuer}/auth?${query}`;
  for (let hop = 0; hop < 12 && !url.startsWith('http://127.0.0.1/callback'); ++hop) {
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie: [...cookies].map(([k, v]) => `${k}=${v}`).join('; ') } });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0].split('=');
      if (value) cookies.set(name, value); else cookies.delete(name);
    }
    const next = answer.headers.get('location');
    if (!next) throw new Error(`no redirect from ${url}: ${answer.status} ${await answer.text()}`);
    url = new URL(next, url).href;
  }
  const code = new URL(url).searchParams.get('code');
  const answer = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', code,
    client_id: client, code_verifier: verifier, redirect_uri: 'http://127.0.0.1/callback', resource }) });
  const { access_token: token } = await answer.json();
  assert.ok(token, 'the IdP gave no token');
  return token;
}

before(async () => {
  const port = await freePort();
  issuer = `http://127.0.0.1:${port}`;
  await start(process.execPath, [new URL('idp.mjs', import.meta.url).pathname, String(port)], { until: /^ready/ });
  mcpauth(['keygen', '--keys', `${folder}/keys`], { status: 0 });
  file('rbac.toml', `
version = 1
[tools]
"hr/get_employee" = ["db:read:employee"]
"hr/set_salary"   = ["db:write:salary"]
[roles.hr-reader]
scopes = ["db:read:*"]
[[grant]]
role   = "hr-reader"
groups = ["company:HR"]
org    = "acme"
`);
  config = file('mcpauth.toml', `
[issuer]
url  = "https://auth.example.com"
keys = "keys"
[[idp]]
name         = "company"
preset       = "generic"
issuer       = "${issuer}"
audience     = ["${resource}"]
org_claim    = "org_id"
groups_claim = "groups"
[policy]
file = "rbac.toml"
`);
});

const mint = (token, ...rest) => mcpauth(['-C', config, 'mint', '--subject-token', '-', '--audience', 'https://hr.internal', ...rest], { input: token });

describe('a token of a real IdP', () => {
  for (const alg of ['RS256', 'ES256', 'EdDSA']) {
    test(`${alg}: is minted into a JWT of ours with the scopes of the policy`, async () => {
      const done = mint(await userToken('alice', alg));
      assert.equal(done.status, 0, done.stderr);
      const claims = decodeJwt(done.stdout.trim());
      assert.equal(claims.iss, 'https://auth.example.com');
      assert.equal(claims.sub, 'alice');
      assert.equal(claims.org_id, 'acme');
      assert.equal(claims.scope, 'db:read:employee');
      assert.ok(claims.exp - claims.iat <= 900);
    });
  }

  test('a user whose groups have no grant gets nothing, and learns why', async () => {
    const done = mint(await userToken('bob', 'ES256'));
    assert.equal(done.status, 1, done.stderr);
    assert.equal(done.stdout, '');
    assert.match(done.stderr, /no-grant|no-role/);
  });

  test('the same group in another organisation gets nothing', async () => {
    assert.equal(mint(await userToken('eve', 'ES256')).status, 1);
  });

  test('a scope beyond the policy is refused by name', async () => {
    const done = mint(await userToken('alice', 'ES256'), '--scope', 'db:write:salary');
    assert.equal(done.status, 1);
    assert.match(done.stderr, /db:write:salary/);
  });

  test('--for-tool asks for the least', async () => {
    const done = mint(await userToken('alice', 'ES256'), '--for-tool', 'hr/get_employee');
    assert.equal(decodeJwt(done.stdout.trim()).scope, 'db:read:employee');
    assert.equal(mint(await userToken('alice', 'ES256'), '--for-tool', 'hr/set_salary').status, 1);
  });

  test('keys rotate: new and old tokens are good until the old key is dropped', async () => {
    const old = await userToken('alice', 'ES256');
    await fetch(`${issuer}/test/rotate`, { method: 'POST' });
    assert.equal(mint(await userToken('alice', 'ES256')).status, 0);
    assert.equal(mint(old).status, 0);
    await fetch(`${issuer}/test/drop`, { method: 'POST' });
    const done = mint(old);
    assert.equal(done.status, 4, done.stderr);
    assert.match(done.stderr, /unknown-kid/);
  });

  test('a token for another audience is refused', async () => {
    const other = file('other.toml', `
[issuer]
url  = "https://auth.example.com"
keys = "keys"
[[idp]]
name      = "company"
issuer    = "${issuer}"
preset    = "generic"
audience  = ["https://somebody-else.example"]
org_claim = "org_id"
[policy]
file = "rbac.toml"
`);
    const done = mcpauth(['-C', other, 'mint', '--subject-token', '-', '--audience', 'https://hr.internal'], { input: await userToken('alice', 'ES256') });
    assert.equal(done.status, 1);
    assert.match(done.stderr, /wrong-audience/);
  });

  test('mint --from: a real token endpoint exchanges it (RFC 8693)', async () => {
    const token = await userToken('alice', 'ES256');
    const args = ['mint', '--from', issuer, '--subject-token', '-', '--client-id', 'pipeline', '--client-secret', 'env:PIPELINE_SECRET', '--scope', 'mcp'];
    const env = { PIPELINE_SECRET: 'pipeline-secret' };
    const done = mcpauth([...args, '--audience', 'https://hr.internal'], { input: token, env });
    assert.equal(done.status, 0, done.stderr);
    assert.equal(decodeJwt(done.stdout.trim()).sub, 'alice');
    const refused = mcpauth([...args, '--audience', 'https://forbidden'], { input: token, env });
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /invalid_target/);
  });
});
