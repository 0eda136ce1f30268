// A token that mcpauth mints is accepted by verifiers that share no code with it, from the key set
// that `mcpauth jwks serve` publishes; and the tokens of others are accepted by mcpauth.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SignJWT, createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { binary, eventually, file, folder, freePort, has, mcpauth, python, pythonHas, run, start } from './support.mjs';

const audience = 'https://hr.internal';

/** A key file, its published set and a token of it. */
let published = 0;
async function publish(alg) {
  const name = `${alg}-${++published}`;
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const key = `${folder}/${name}.key`;                       // a JWK: unlike a PEM it says which of RSA's algorithms
  const jwk = file(`${name}.jwk`, mcpauth(['keygen', '--alg', alg, '--format', 'jwk', '-o', key], { status: 0 }).stdout);
  const { line } = await start(binary, ['jwks', 'serve', '--jwks', jwk, '--issuer', issuer, '--listen', `127.0.0.1:${port}`], { until: /http/ });
  assert.match(line, new RegExp(`http://127.0.0.1:${port}`));
  const token = mcpauth(['mint', '--key', key, '--issuer', issuer, '--subject', 'alice', '--audience', audience,
                         '--org', 'acme', '--scope', 'db:read:employee'], { status: 0 }).stdout;
  return { issuer, jwks: `${issuer}/.well-known/jwks.json`, key, token };
}

const pyVerify = `
import sys, jwt
jwks, issuer, audience, algs = sys.argv[1:5]
token = sys.stdin.read().strip()
key = jwt.PyJWKClient(jwks).get_signing_key_from_jwt(token)
claims = jwt.decode(token, key.key, algorithms=algs.split(","), audience=audience, issuer=issuer)
print(claims["sub"], claims["org_id"])
`;

describe('a minted token is verified by', () => {
  for (const alg of ['ES256', 'ES384', 'ES512', 'EdDSA', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']) {
    test(`${alg}: mcpauth, npm jose and python3-jwt`, async t => {
      const { issuer, jwks, token } = await publish(alg);
      assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);

      mcpauth(['verify', '-', '--issuer', issuer, '--audience', audience, '--org', 'acme'], { input: token, status: 0 });
      mcpauth(['verify', '-', '--issuer', issuer, '--audience', 'https://other'], { input: token, status: 1 });

      const { payload } = await jwtVerify(token.trim(), createRemoteJWKSet(new URL(jwks)), { issuer, audience, typ: 'at+jwt' });
      assert.equal(payload.sub, 'alice');
      assert.equal(payload.org_id, 'acme');
      assert.ok(payload.exp - payload.iat >= 300 && payload.exp - payload.iat <= 900);

      if (!pythonHas('jwt')) return t.diagnostic('skipped: python3-jwt is not installed');
      const done = run(python, ['-c', pyVerify, jwks, issuer, audience, alg], { input: token });
      assert.equal(done.status, 0, done.stderr);
      assert.equal(done.stdout, 'alice acme\n');
    });
  }

  for (const alg of ['ES256', 'RS256']) {
    test(`${alg}: haproxy jwt_verify`, { skip: !has('haproxy') && 'haproxy is not installed' }, async () => {
      const { key, token } = await publish(alg);
      const pem = `${folder}/${alg}.pub.pem`;
      file(`${alg}.pub.pem`, mcpauth(['keys', 'convert', key, '--public', '--format', 'pem'], { status: 0 }).stdout);
      const port = await freePort();
      const config = file(`${alg}.haproxy`, `
global
    maxconn 10
defaults
    mode http
    timeout client 5s
    timeout server 5s
    timeout connect 5s
frontend in
    bind 127.0.0.1:${port}
    http-request set-var(txn.bearer) http_auth_bearer
    http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('$.alg')
    http-request return status 403 unless { var(txn.alg) -m str ${alg} }
    http-request return status 401 unless { var(txn.bearer),jwt_verify(txn.alg,"${pem}") 1 }
    http-request return status 200
`);
      start('haproxy', ['-db', '-f', config]).catch(() => {});    // it says nothing when it is ready: asked below
      const ask = bearer => fetch(`http://127.0.0.1:${port}/`, { headers: { authorization: `Bearer ${bearer}` } });
      await eventually(async () => (await ask(token.trim())).status === 200);
      const [header, payload, signature] = token.trim().split('.');
      const forged = Buffer.from(payload, 'base64url').toString().replace('alice', 'mallory');
      assert.equal((await ask([header, Buffer.from(forged).toString('base64url'), signature].join('.'))).status, 401);
    });
  }
});

const pySign = `
import sys, json, time, jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import get_default_algorithms
alg, audience = sys.argv[1:3]
key = {"ES256": lambda: ec.generate_private_key(ec.SECP256R1()), "ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
       "EdDSA": ed25519.Ed25519PrivateKey.generate}.get(alg, lambda: rsa.generate_private_key(65537, 2048))()
now = int(time.time())
token = jwt.encode({"iss": "https://py.example", "sub": "bob", "aud": audience, "iat": now, "exp": now + 300}, key,
                   algorithm=alg, headers={"kid": "py-1"})
from cryptography.hazmat.primitives import serialization
pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
print(json.dumps({"token": token, "pem": pem.decode()}))
`;

describe('mcpauth verifies a token of', () => {
  for (const alg of ['ES256', 'ES384', 'ES512', 'Ed25519', 'EdDSA', 'RS256', 'PS256', 'PS512']) {
    test(`npm jose, ${alg}`, async () => {
      const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
      const set = file(`jose-${alg}.json`, JSON.stringify({ keys: [{ ...await exportJWK(publicKey), kid: 'k1', alg, use: 'sig' }] }));
      const token = await new SignJWT({ org_id: 'acme' }).setProtectedHeader({ alg, kid: 'k1', typ: 'at+jwt' })
        .setIssuer('https://js.example').setSubject('bob').setAudience(audience).setIssuedAt().setExpirationTime('5m').sign(privateKey);
      const args = ['verify', '-', '--jwks', set, '--issuer-is', 'https://js.example', '--audience', audience];
      mcpauth(args, { input: token, status: 0 });
      mcpauth([...args, '--org', 'globex'], { input: token, status: 1 });
    });
  }
  for (const alg of ['ES256', 'ES384', 'EdDSA', 'RS256', 'PS256']) {
    test(`python3-jwt, ${alg}`, { skip: !pythonHas('jwt, cryptography') && 'python3-jwt or python3-cryptography is not installed' }, () => {
      const made = run(python, ['-c', pySign, alg, audience]);
      assert.equal(made.status, 0, made.stderr);
      const { token, pem } = JSON.parse(made.stdout);
      const key = file(`py-${alg}.pem`, pem);
      mcpauth(['verify', '-', '--key', key, '--audience', audience], { input: token, status: 0 });
    });
  }
});
