import type { IdentityProvider } from '@cordon/policy'

import { humanOf } from './human-of.ts'
import { judgeIdToken } from './judge-id-token.ts'
import { judgeSecurityEvent, sessionRevoked } from './judge-security-event.ts'

const issuer = 'https://idp.example.com'
const now = 1_800_000_000_000
const provider: IdentityProvider = {
  audiences: ['cordon'],
  jwksUri: 'https://idp.example.com/jwks',
  algorithms: ['RS256'],
  roles: [{ claim: 'groups', value: 'analysts', role: 'analyst' }],
  entitlements: [{ claim: 'groups', value: 'analysts', tools: ['files/read_file'] }],
  clearances: [],
}
const event = {
  iss: issuer,
  jti: 'e',
  iat: 1_800_000_000,
  aud: 'cordon',
  sub_id: {
    format: 'complex',
    user: { format: 'iss_sub', iss: issuer, sub: 'a' },
    session: { format: 'opaque', id: 's' },
  },
  events: { [sessionRevoked]: {} },
}
const idToken = {
  iss: issuer,
  sub: 'a',
  aud: 'cordon',
  iat: 1_800_000_000,
  exp: 1_800_000_009,
  groups: ['analysts'],
  cordon_tools: ['files/*'],
}

export const seeds: readonly Buffer[] = [event, idToken, {}, []].map(claims =>
  Buffer.from(JSON.stringify(claims)),
)

/** What a provider signed, whatever it is: nobody is ended who is not named, nobody gets a tool that the bundle does not give. */
export const run = (bytes: Buffer): void => {
  const claims = parse(bytes)
  if (typeof claims !== 'object' || claims === null) return
  const signed = { claims: { ...claims } }
  const judged = judgeSecurityEvent({ ...signed, header: { typ: 'secevent+jwt' } }, issuer, ['cordon'], now)
  if (judged.ok && judged.event.ended !== undefined) {
    const { ended } = judged.event
    if (ended.issuer !== issuer) throw new Error('ends sessions of another provider')
    if (ended.subject === undefined && ended.session === undefined) throw new Error('ends everybody')
  }
  const token = judgeIdToken({ ...signed, header: {} }, issuer, provider, now)
  if (!token.ok) return
  if (judged.ok) throw new Error('is a security event and an ID token')
  const human = humanOf(token.claims, provider)
  if (human.ok && human.human.tools.some(tool => tool !== 'files/read_file')) throw new Error('grants more')
}

const parse = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    // Text that is no JSON never gets as far as here.
    return undefined
  }
}
