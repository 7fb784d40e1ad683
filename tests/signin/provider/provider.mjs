// A real OpenID provider for the tests: one client, people from a file that a test may change.
// Started as: node provider.mjs PORT PEOPLE.json ; says "ready" when it listens.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [port, file] = process.argv.slice(2);
const told = () => JSON.parse(readFileSync(file, "utf8"));
const { client, short } = told();
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [client],
  claims: { openid: ["sub"], profile: ["name", "picture", "preferred_username"], email: ["email", "email_verified"], groups: ["groups"] },
  scopes: ["openid", "profile", "email", "groups"],
  conformIdTokenClaims: Boolean(short), // then all but the subject is asked of the userinfo endpoint
  pkce: { required: () => true, methods: ["S256"] },
  cookies: { keys: ["only for tests"] },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  interactions: { url: (ctx, interaction) => `/enter/${interaction.uid}` },
  ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 300, Session: 3600, Grant: 3600 },
  findAccount: (ctx, id) => {
    const claims = told().people[id];
    return claims && { accountId: id, claims: () => ({ sub: id, ...claims }) };
  },
  // Nobody is asked whether this appliance may know who they are: the company has said so.
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid profile email groups");
    await grant.save();
    return grant;
  },
});

/** The page on which people over there say who they are. */
async function enter(request, response) {
  if (request.method === "GET") {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(`<!doctype html><html lang="pt"><title>Entrar na Escola</title><main><h1>Entrar na Escola</h1>
      <form method="post"><label>Conta <input name="account" autofocus></label> <button>Continuar</button></form></main></html>`);
    return;
  }
  let body = "";
  for await (const piece of request) body += piece;
  const accountId = new URLSearchParams(body).get("account");
  const result = told().people[accountId] ? { login: { accountId } } : { error: "access_denied", error_description: "nobody of that name" };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const callback = provider.callback();
createServer((request, response) => {
  if (!request.url.startsWith("/enter/")) return callback(request, response);
  enter(request, response).catch((fault) => { response.statusCode = 500; response.end(String(fault)); });
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
