// An agent that uses oauth4webapi, a client library of others: fetches a token bound to its key from ISSUER, and calls CALL_URL.
// Prints one JSON object a line:
//   {"token":…}                                        the access token
//   {"call":…,"status":…,"challenge":…,"nonce":…,"proof":…}   each call, in order: first, retried, again, replayed, bearer
import * as oauth from 'oauth4webapi';

const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const insecure = { [oauth.allowInsecureRequests]: true };

const issuer = new URL(process.env.ISSUER);
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
const client = { client_id: 'agent' };
const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
const response = await oauth.clientCredentialsGrantRequest(
  server, client, oauth.ClientSecretBasic(process.env.AGENT_SECRET), new URLSearchParams(), { DPoP, ...insecure });
const { access_token: token, token_type: type } = await oauth.processClientCredentialsResponse(server, client, response);
print({ token, type });

const url = new URL(process.env.CALL_URL);
let sent;
const tell = (call, answer) => print({
  call,
  status: answer.status,
  challenge: answer.headers.get('www-authenticate'),
  nonce: answer.headers.has('dpop-nonce'),
  proof: sent?.get('dpop') ?? null,
});

async function request(call) {
  try {
    tell(call, await oauth.protectedResourceRequest(token, 'GET', url, undefined, undefined, {
      DPoP,
      ...insecure,
      [oauth.customFetch]: (target, options) => {
        sent = new Headers(options.headers);
        return fetch(target, options);
      },
    }));
    return null;
  } catch (error) {
    if (!(error instanceof oauth.WWWAuthenticateChallengeError)) {
      throw error;
    }
    tell(call, error.response);
    return error;
  }
}

const refused = await request('first');
if (refused && oauth.isDPoPNonceError(refused)) {
  await request('retried');
}
await request('again');
tell('replayed', await fetch(url, { headers: sent }));
sent = null;
tell('bearer', await fetch(url, { headers: { authorization: `Bearer ${token}` } }));
