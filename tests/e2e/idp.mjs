// A real, certified OpenID provider (npm oidc-provider) as the company IdP of the tests.
//   node idp.mjs PORT
// Users sign in by `login_hint`; every client's tokens are signed with the algorithm in its name.
// POST /test/rotate makes new keys and keeps the old ones published; POST /test/drop drops the old.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import http from 'node:http';
import { Provider, errors } from 'oidc-provider';
import { SignJWT, createLocalJWKSet, importJWK, jwtVerify } from 'jose';

const port = Number(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
const users = {
  alice: { groups: ['HR', 'everyone'], org_id: 'acme' },
  bob: { groups: ['sales'], org_id: 'acme' },
  eve: { groups: ['HR'], org_id: 'globex' },
};

const algorithms = { RS256: ['rsa', { modulusLength: 2048 }], ES256: ['ec', { namedCurve: 'P-256' }], EdDSA: ['ed25519', {}] };
const makeKeys = () => Object.entries(algorithms).map(([alg, [type, options]]) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: `${alg}-${randomUUID()}` }));
let keys = makeKeys();
let retired = [];

const redirect = 'http://127.0.0.1/callback';
const clients = [
  ...Object.keys(algorithms).map(alg => ({ client_id: `app-${alg}`, token_endpoint_auth_method: 'none', application_type: 'native',
    redirect_uris: [redirect], grant_types: ['authorization_code'], id_token_signed_response_alg: alg })),
  { client_id: 'pipeline', client_secret: 'pipeline-secret', redirect_uris: [], response_types: [],
    grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'] },
];

/** In-memory storage that outlives a change of keys. */
const storage = new Map();
class Memory {
  constructor(kind) { this.kind = kind; }
  key(id) { return `${this.kind}:${id}`; }
  async upsert(id, value) { storage.set(this.key(id), value); if (value.uid) storage.set(`uid:${value.uid}`, id); }
  async find(id) { return storage.get(this.key(id)); }
  async findByUid(uid) { return this.find(storage.get(`uid:${uid}`)); }
  async findByUserCode() { return undefined; }
  async consume(id) { storage.get(this.key(id)).consumed = Math.floor(Date.now() / 1000); }
  async destroy(id) { storage.delete(this.key(id)); }
  async revokeByGrantId(grant) { for (const [id, value] of storage) if (value?.grantId === grant) storage.delete(id); }
}

/** RFC 8693: a token of ours for another one, narrower and short. */
function registerExchange(provider) {
  const grant = 'urn:ietf:params:oauth:grant-type:token-exchange';
  provider.registerGrantType(grant, async ctx => {
    const { subject_token: subject, audience, scope } = ctx.oidc.params;
    const published = createLocalJWKSet({ keys: [...keys, ...retired].map(({ d, p, q, dp, dq, qi, ...jwk }) => jwk) });
    const { payload } = await jwtVerify(subject, published, { issuer }).catch(error => { throw new errors.InvalidGrant(error.message); });
    if (audience === 'https://forbidden') throw new errors.InvalidTarget('not for this audience');
    const signing = keys.find(key => key.alg === 'ES256');
    const token = await new SignJWT({ org_id: payload.org_id, scope: scope ?? '', client_id: ctx.oidc.client.clientId })
      .setProtectedHeader({ alg: 'ES256', kid: signing.kid, typ: 'at+jwt' }).setIssuer(issuer).setSubject(payload.sub)
      .setAudience(audience).setIssuedAt().setExpirationTime('5m').setJti(randomUUID()).sign(await importJWK(signing, 'ES256'));
    ctx.body = { access_token: token, issued_token_type: 'urn:ietf:params:oauth:token-type:access_token', token_type: 'Bearer', expires_in: 300, scope };
  }, ['subject_token', 'subject_token_type', 'audience', 'resource', 'scope', 'requested_token_type'], ['audience', 'resource']);
}

let provider;
function build() {
  provider = new Provider(issuer, {
    adapter: Memory, clients, jwks: { keys: [...keys, ...retired] }, cookies: { keys: ['only-for-tests'] },
    findAccount: (_ctx, id) => users[id] && { accountId: id, claims: async () => ({ sub: id, ...users[id] }) },
    scopes: ['openid', 'mcp'],
    extraTokenClaims: async (_ctx, token) => (token.accountId ? users[token.accountId] : undefined),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    features: { devInteractions: { enabled: false },
      resourceIndicators: { enabled: true, useGrantedResource: async () => true,
        getResourceServerInfo: async (_ctx, resource, client) => ({ scope: 'mcp', audience: resource, accessTokenTTL: 900,
          accessTokenFormat: 'jwt', jwt: { sign: { alg: client.clientId.replace('app-', '') } } }) } },
  });
  registerExchange(provider);
}
build();

/** Signs in whoever the client hinted at and consents to everything. */
async function interact(req, res) {
  const { prompt, params, grantId, session } = await provider.interactionDetails(req, res);
  if (prompt.name === 'login') {
    return provider.interactionFinished(req, res, { login: { accountId: params.login_hint } }, { mergeWithLastSubmission: false });
  }
  const grant = (grantId && await provider.Grant.find(grantId)) || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope((prompt.details.missingOIDCScope ?? []).join(' '));
  for (const [resource, scopes] of Object.entries(prompt.details.missingResourceScopes ?? {})) grant.addResourceScope(resource, scopes.join(' '));
  return provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}

http.createServer(async (req, res) => {
  try {
    if (req.url === '/test/rotate') { retired = keys; keys = makeKeys(); build(); return res.end(); }
    if (req.url === '/test/drop') { retired = []; build(); return res.end(); }
    if (req.url.startsWith('/interaction/')) return await interact(req, res);
    return provider.callback()(req, res);
  } catch (error) {
    res.writeHead(500).end(String(error));
  }
}).listen(port, '127.0.0.1', () => console.log(`ready ${issuer}`));
