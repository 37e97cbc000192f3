import { compactJws } from '../compact-jws.ts'
import { createCallProofVerifier, type ProofExpectation } from './call-proof-verifier.ts'
import { openHolderKey } from './holder-key.ts'

const holder = openHolderKey(Buffer.alloc(32, 1))
const verifier = createCallProofVerifier()
const base64 = (text: string): string => Buffer.from(text).toString('base64url')

const header = JSON.stringify({ typ: 'dpop+jwt', alg: 'EdDSA', jwk: holder.publicJwk })
const call = { server: 'files', tool: 'read_file', argumentsDigest: 'd' }
const expected: ProofExpectation = {
  tokenText: 'token',
  holder: holder.thumbprint,
  method: 'POST',
  url: 'https://cordon.example/mcp/files',
  message: call,
  now: 1_000_000,
  isNonceAccepted: nonce => nonce === 'n',
}
const claims = {
  jti: 'j',
  htm: 'POST',
  htu: expected.url,
  iat: 1000,
  // printf token | openssl dgst -sha256 -binary | basenc --base64url
  ath: 'PEaenWxYddN6Q_NT1PiOYfz4EsZu7jRXRlpAsNpBU-A',
  nonce: 'n',
  mcp: { server: 'files', tool: 'read_file', args_s256: 'd' },
  seq: 1,
}

export const seeds: readonly Buffer[] = [
  `${header}\n${JSON.stringify(claims)}`,
  `{"alg":"none"}\n{}`,
  'a.b.c',
  compactJws({ typ: 'dpop+jwt', alg: 'EdDSA', jwk: holder.publicJwk }, claims, bytes => holder.sign(bytes)),
].map(text => Buffer.from(text))

/**
 * No proof by these bytes as they are or as parts that are encoded, but the last seed; and signed by the holder none that
 * says something else than the request.
 */
export const run = (bytes: Buffer): void => {
  const text = bytes.toString('utf8')
  const [head = '', payload = ''] = text.split('\n')
  const unsigned = `${base64(head)}.${base64(payload)}`
  for (const proof of [text, `${unsigned}.`, `${unsigned}.${base64(payload)}`])
    if (verifier.verify(proof, expected).ok && !seeds.some(seed => seed.equals(bytes)))
      throw new Error('believes what nobody signed')
  const authentic = `${base64(header)}.${base64(payload)}`
  const signature = holder.sign(Buffer.from(authentic)).toString('base64url')
  if (verifier.verify(`${authentic}.${signature}`, expected).ok && !saysTheCall(payload))
    throw new Error('believes a proof of something else')
}

const saysTheCall = (payload: string): boolean => {
  const { mcp, htu, htm, nonce } = JSON.parse(payload) as Partial<typeof claims>
  return (
    JSON.stringify([mcp?.server, mcp?.tool, mcp?.args_s256, htu, htm, nonce]) ===
    JSON.stringify([call.server, call.tool, call.argumentsDigest, expected.url, 'POST', 'n'])
  )
}
