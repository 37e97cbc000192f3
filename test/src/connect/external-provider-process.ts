// An OpenID provider as a process of its own, by somebody else's program, as companies have one: `node … <port>`. Whoever gives a name
// is signed in. POST /security-events { sub, receiver, audience } has it say, signed, that a human's sessions are over (RFC 8417,
// CAEP 1.0), and push that (RFC 8935); answers what the receiver did. Ends with its standard input.
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'

import { SignJWT } from 'jose'
import { Provider } from 'oidc-provider'

const port = Number(process.argv[2])
const issuer = `http://127.0.0.1:${port}`
const keyId = 'provider-rsa'
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const sessionRevoked = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked'

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'cordon-connect',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/callback'],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      require_auth_time: true,
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: keyId, alg: 'RS256', use: 'sig' }] },
  cookies: { keys: [randomUUID()] },
  features: { devInteractions: { enabled: true } },
  claims: { openid: ['sub', 'groups'] },
  conformIdTokenClaims: false,
  findAccount: (_context, accountId) => ({
    accountId,
    claims: () => ({ sub: accountId, groups: ['writers'] }),
  }),
})

interface Revocation {
  readonly sub: string
  readonly receiver: string
  readonly audience: string
}

const pushRevocation = async ({ sub, receiver, audience }: Revocation): Promise<number> => {
  const event = await new SignJWT({
    sub_id: { format: 'iss_sub', iss: issuer, sub },
    events: { [sessionRevoked]: {} },
  })
    .setProtectedHeader({ alg: 'RS256', kid: keyId, typ: 'secevent+jwt' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setJti(randomUUID())
    .setIssuedAt()
    .sign(privateKey)
  const response = await fetch(receiver, {
    method: 'POST',
    headers: { 'content-type': 'application/secevent+jwt', accept: 'application/json' },
    body: event,
  })
  await response.body?.cancel()
  return response.status
}

const pages = provider.callback()
const server = createServer((request, response) => {
  if (request.url !== '/security-events') return void pages(request, response)
  void json(request)
    .then(body => pushRevocation(body as Revocation))
    .then(status => response.end(JSON.stringify({ status })))
})
server.listen(port, '127.0.0.1')
await once(server, 'listening')
console.log('listening')
process.stdin.resume().on('end', () => process.exit(0))
