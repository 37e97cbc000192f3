import { makeEd25519Key, makeJwt } from './attestation-fixture.ts'
import { verifyAutomationGrant } from './automation-grant.ts'
import { verifyClientAttestation } from './client-attestation.ts'
import { signEnvelope } from './dsse.ts'
import { verifyProvenance } from './provenance.ts'

const key = makeEd25519Key()
const issuer = 'https://identity.example'
const codeDigest = 'ab'.repeat(32)
const attesters = { a: { key: key.publicJwk, platforms: ['desk'] } }
const sponsors = { a: { key: key.publicJwk, human: 'alice', role: 'r', tools: [], clearance: 0 } } as const

const isBelieved = (text: string): boolean =>
  verifyClientAttestation(text, { attesters, audience: issuer, now: 1 }).ok ||
  verifyAutomationGrant(text, { sponsors, audience: issuer, now: 1 }).ok

export const seeds: readonly Buffer[] = [
  '{"typ":"oauth-client-attestation+jwt","alg":"EdDSA"}\n{"iss":"a","sub":"desk","iat":1,"exp":2}',
  '{"typ":"cordon-grant+jwt","alg":"EdDSA"}\n{"iss":"a","tools":["files/*"]}',
  '{"_type":"https://in-toto.io/Statement/v1"}\n{"subject":[{"digest":{"sha256":"ab"}}]}',
  'a.b.c',
].map(text => Buffer.from(text))

/**
 * Nothing that nobody signed is believed: these bytes as they are, and as the parts of a token. Signed by the registered
 * key, which does not sign such claims, they may be refused or not, but are read without an error.
 */
export const run = (bytes: Buffer): void => {
  const text = bytes.toString('utf8')
  const [head = '', payload = ''] = text.split('\n')
  const unsigned = [head, payload].map(part => Buffer.from(part).toString('base64url')).join('.')
  for (const token of [text, `${unsigned}.`, `${unsigned}.${'A'.repeat(86)}`])
    if (isBelieved(token)) throw new Error('believes what nobody signed')
  for (const typ of ['oauth-client-attestation+jwt', 'cordon-grant+jwt'])
    isBelieved(makeJwt({ typ, alg: 'EdDSA', kid: key.keyId }, payload, key.privateKey))
  const type = 'application/vnd.in-toto+json'
  const envelope = { payloadType: type, payload: payload, signatures: [{ keyid: 'ci', sig: head }] }
  const buildKeys = { ci: key.publicJwk }
  if (verifyProvenance([envelope], buildKeys, codeDigest)) throw new Error('believes what nobody signed')
  verifyProvenance([signEnvelope(type, Buffer.from(payload), key, 'ci')], buildKeys, codeDigest)
}
