// A real OpenID provider (oidc-provider, certified by the OpenID Foundation) on loopback:
//   node oidc_provider.mjs FOLDER_WITH_NODE_MODULES REDIRECT_URI
// It prints its issuer and serves until its standard input ends. Whoever signs in says who they are; `unverified@` is an
// address it does not vouch for.
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const [folder, redirect] = process.argv.slice(2);
const require = createRequire(`${folder}/package.json`);
const { default: Provider } = await import(pathToFileURL(require.resolve('oidc-provider')));

const server = createServer((request, response) => handler(request, response));
let handler = (_, response) => response.end();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'openhour', client_secret: 'test-only client secret / +', redirect_uris: [redirect],
      grant_types: ['authorization_code'], response_types: ['code'],
    }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    cookies: { keys: ['test-only'] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id, email_verified: !id.startsWith('unverified@'), name: 'Somebody There' }),
    }),
  });
  handler = provider.callback();
  console.log(issuer);
});
process.stdin.on('end', () => process.exit(0)).resume();
