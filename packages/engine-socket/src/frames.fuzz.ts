import { EngineSocketError } from './engine-socket-error.ts'
import { createFrameDecoder } from './frame-decoder.ts'
import { encodeFrame } from './frame-encoder.ts'
import { parseReply } from './parse-reply.ts'
import { parseRequest } from './parse-request.ts'

const proven = { token: 't', proof: 'p', htm: 'POST', htu: 'u' }

export const seeds: readonly Buffer[] = [
  { type: 'authorize', request: 1, ...proven, server: 'files', tool: 'read', arguments: { a: 1 } },
  { type: 'admit', request: 2, ...proven, server: 'files', method: 'GET' },
  { type: 'vouch', request: 3, token: 't', server: 'files', method: 'initialize', invocationId: 'i' },
  {
    type: 'outcome',
    invocationId: 'i',
    outcome: 'ok',
    resultBytes: 1,
    resultDigest: '00'.repeat(32),
    entities: [{ kind: 'email', value: 'a' }],
    entitiesOverflow: false,
    wording: '',
  },
  {
    type: 'authorize',
    request: 1,
    verdict: 'deny',
    refusal: { reason: 'TOOL_UNKNOWN', message: 'm' },
    nonce: 'n',
  },
  { type: 'admit', request: 2, admitted: true, nonce: 'n', downstreamToken: 'd' },
  { type: 'vouch', request: 3, vouched: true, nonce: 'n', downstreamToken: 'd' },
  { type: 'vouch', request: 4, follows: true, token: 't', server: 'files' },
  { type: 'changed', sessionId: '3.0197b1a0-0000-7000-8000-000000000000' },
].map(message => encodeFrame(message))

/** Whatever a liar on the socket says: messages, or errors of this package. */
export const run = (bytes: Buffer): void => {
  const decoder = createFrameDecoder(4096)
  unlessRefused(() => {
    decoder.push(bytes)
    for (let text = decoder.next(); text !== undefined; text = decoder.next()) {
      const frame = text
      unlessRefused(() => void parseRequest(frame))
      unlessRefused(() => void parseReply(frame))
    }
  })
}

const unlessRefused = (read: () => void): void => {
  try {
    read()
  } catch (error) {
    if (!(error instanceof EngineSocketError)) throw error
  }
}
