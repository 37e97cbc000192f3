import { classifyAgentMessage } from './agent-message.ts'
import { parseExactJson } from './exact-json.ts'
import { guardedCall } from './guarded-call.ts'

const messages = [
  '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_file","arguments":{"path":"/a","n":1.0}}}',
  '{"jsonrpc":"2.0","id":"a","method":"resources/read","params":{"uri":"file:///a"}}',
  '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}',
  '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"\\"a\\\\"}]}}',
  '[{"a":1,"a":12345678901234567890}]',
]
export const seeds: readonly Buffer[] = messages.map(message => Buffer.from(message))

/** What is forwarded says to every parser what was judged. */
export const run = (bytes: Buffer): void => {
  const text = bytes.toString('utf8')
  const value = parsed(text)
  if (value === undefined) return
  const message = classifyAgentMessage(value)
  const forwarded = JSON.stringify(value)
  // To others a kept number is a number like any other.
  const judged = JSON.stringify(JSON.parse(text))
  if (JSON.stringify(JSON.parse(forwarded)) !== judged)
    throw new Error('what is forwarded is not what was judged')
  if (JSON.stringify(parsed(forwarded)) !== forwarded)
    throw new Error('what is forwarded reads otherwise again')
  if (message.kind === 'request')
    for (const era of ['sessionful', 'stateless'] as const) guardedCall(message, era)
}

const parsed = (text: string): unknown => {
  try {
    return parseExactJson(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
