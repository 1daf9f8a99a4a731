// An OpenID provider on a free loopback port. Prints one JSON object a line:
//   {"url":…}                        once, when it serves
//   {"event":"token","client":…}     for every access token issued
// Clients, all client_secret_basic, with secrets from the environment:
//   agent     client_credentials; its access token is an ES256 JWT for the audience "gateway", bound to the key of a DPoP
//             proof if one comes with the request
//   tls-agent the same with AGENT_SECRET; bound to the certificate in the header X-Client-Cert, base64 of its DER, as if a
//             TLS proxy stood in front
//   gateway   client_credentials; its access token is opaque
//   upstream  may introspect
import { generateKeyPairSync, randomUUID, X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const audience = 'gateway';
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'provider-key' };

const client = (id, secret, grants) => ({
  client_id: id,
  client_secret: secret,
  grant_types: grants,
  redirect_uris: [],
  response_types: [],
  token_endpoint_auth_method: 'client_secret_basic',
});

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const url = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(url, {
  clients: [
    client('agent', process.env.AGENT_SECRET, ['client_credentials']),
    { ...client('tls-agent', process.env.AGENT_SECRET, ['client_credentials']), tls_client_certificate_bound_access_tokens: true },
    client('gateway', process.env.GATEWAY_SECRET, ['client_credentials']),
    client('upstream', process.env.UPSTREAM_SECRET, []),
  ],
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  cookies: { keys: [randomUUID()] },
  jwks: { keys: [key] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      getCertificate: (ctx) => {
        const der = ctx.get('x-client-cert');
        return der ? new X509Certificate(Buffer.from(der, 'base64')) : undefined;
      },
    },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_, { clientId }) => (clientId.endsWith('agent') ? 'urn:example:gateway' : undefined),
      getResourceServerInfo: () => ({
        scope: '',
        audience,
        accessTokenFormat: 'jwt',
        accessTokenTTL: 300,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  ttl: { ClientCredentials: 600 },
});

const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
// A JWT is issued, an opaque token is saved.
for (const event of ['client_credentials.issued', 'client_credentials.saved']) {
  provider.on(event, (token) => print({ event: 'token', client: token.clientId }));
}
provider.on('server_error', (_, error) => console.error(error));

server.on('request', provider.callback());
print({ url });
