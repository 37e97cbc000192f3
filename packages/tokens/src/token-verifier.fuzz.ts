import { generateKeyPairSync, sign } from 'node:crypto'

import { parseKeySet } from './key-set.ts'
import { withLowS } from './low-s.ts'
import { createTokenVerifier } from './token-verifier.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256', use: 'sig' }
const keys = parseKeySet({ keys: [jwk] })
const verifier = createTokenVerifier({ issuer: 'https://identity.example', keys: () => keys })
const base64 = (text: string): string => Buffer.from(text).toString('base64url')

const header = '{"alg":"ES256","typ":"at+jwt","kid":"k"}'
const claims =
  '{"iss":"https://identity.example","sub":"alice","aud":"cordon:files","iat":1,"exp":2,"jti":"j"}'

export const seeds: readonly Buffer[] = [`${header}\n${claims}`, `{"alg":"none"}\n${claims}`, 'a.b.c'].map(
  text => Buffer.from(text),
)

/**
 * No token, whatever it says: these bytes as they are, as parts that are encoded, and signed by the issuer, who does not
 * sign such claims. The claims of a token that is good are too rare to be met.
 */
export const run = (bytes: Buffer): void => {
  const text = bytes.toString('utf8')
  const [head = '', payload = ''] = text.split('\n')
  const unsigned = `${base64(head)}.${base64(payload)}`
  for (const token of [text, `${unsigned}.`, `${unsigned}.${base64(payload)}`])
    if (verifier.verify(token, 'files', 1).ok) throw new Error('believes what nobody signed')
  const authentic = `${base64(header)}.${base64(payload)}`
  const signature = sign('sha256', Buffer.from(authentic), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  verifier.verify(`${authentic}.${withLowS(signature).toString('base64url')}`, 'files', 1)
}
