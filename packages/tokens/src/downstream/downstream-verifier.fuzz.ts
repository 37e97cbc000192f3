import { parseKeySet } from '../key-set.ts'
import { openDownstreamKey } from './downstream-key.ts'
import { createDownstreamVerifier } from './downstream-verifier.ts'

const key = openDownstreamKey(Buffer.alloc(32, 1))
const keys = parseKeySet({ keys: [key.publicJwk] })
const verifier = createDownstreamVerifier({ server: 'files', issuer: 'i' })
const request = { method: 'tools/list' }
const base64 = (text: string): string => Buffer.from(text).toString('base64url')

const header = JSON.stringify({ typ: 'cordon-call+jwt', alg: 'EdDSA', kid: key.keyId })
const claims =
  '{"iss":"i","aud":"urn:cordon:server:files","sub":"a","sid":"0.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b","txn":"t","jti":"j","iat":1,"exp":2,"mcp":{"method":"tools/list"},"status":{"status_list":{"idx":0,"uri":"http://i"}}}'

export const seeds: readonly Buffer[] = [`${header}\n${claims}`, `{"alg":"none"}\n${claims}`, 'a.b.c'].map(
  text => Buffer.from(text),
)

/** No token by these bytes as they are or as parts that are encoded; signed by the engine they never throw. */
export const run = (bytes: Buffer): void => {
  const text = bytes.toString('utf8')
  const [head = '', payload = ''] = text.split('\n')
  const unsigned = `${base64(head)}.${base64(payload)}`
  for (const token of [text, `${unsigned}.`, `${unsigned}.${base64(payload)}`])
    if (verifier.verify(token, request, keys, 1000).ok) throw new Error('believes what nobody signed')
  const authentic = `${base64(header)}.${base64(payload)}`
  const signature = key.sign(Buffer.from(authentic)).toString('base64url')
  verifier.verify(`${authentic}.${signature}`, request, keys, 1000)
}
