import type { InvocationId, SessionId } from '@cordon/foundation'
import { isSessionId } from '@cordon/foundation'
import { z } from 'zod'

import { EngineSocketError } from './engine-socket-error.ts'
import type { EngineNotice, EngineReply } from './messages.ts'
import { refusalReasons } from './refusal-reasons.ts'

const requestNumber = z.int().nonnegative()
const sessionId = z.custom<SessionId>(value => typeof value === 'string' && isSessionId(value))
const invocationId = z.custom<InvocationId>(value => typeof value === 'string' && value.length > 0)
const refusal = z.object({ reason: z.enum(refusalReasons), message: z.string() })

const replySchema: z.ZodType<EngineReply | EngineNotice> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('authorize'),
    request: requestNumber,
    verdict: z.enum(['forward', 'hold', 'deny']),
    invocationId: invocationId.exactOptional(),
    sessionId: sessionId.exactOptional(),
    refusal: refusal.exactOptional(),
    nonce: z.string(),
    downstreamToken: z.string().exactOptional(),
    uncounted: z.literal(true).exactOptional(),
  }),
  z.object({
    type: z.literal('admit'),
    request: requestNumber,
    admitted: z.boolean(),
    sessionId: sessionId.exactOptional(),
    refusal: refusal.exactOptional(),
    nonce: z.string(),
    downstreamToken: z.string().exactOptional(),
    pins: z.record(z.string(), z.string()).exactOptional(),
  }),
  z.object({
    type: z.literal('vouch'),
    request: requestNumber,
    vouched: z.boolean(),
    sessionId: sessionId.exactOptional(),
    refusal: refusal.exactOptional(),
    nonce: z.string(),
    downstreamToken: z.string().exactOptional(),
    stopped: z.array(z.object({ tool: z.string(), refusal })).exactOptional(),
  }),
  z.object({ type: z.literal('changed'), sessionId: sessionId.exactOptional() }),
])

/**
 * A frame's text as a reply, or as what the engine says unasked.
 * @throws EngineSocketError `MESSAGE_INVALID`
 */
export const parseReply = (text: string): EngineReply | EngineNotice => {
  try {
    return replySchema.parse(JSON.parse(text))
  } catch (error) {
    throw new EngineSocketError(
      'MESSAGE_INVALID',
      'reply: expected an answer of the engine, got another text',
      {
        cause: error,
      },
    )
  }
}
