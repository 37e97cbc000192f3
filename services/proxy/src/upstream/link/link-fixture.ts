import { parseInvocationId } from '@cordon/foundation'

import type { JsonObject } from '../../core/json-rpc.ts'
import {
  alice,
  openEndpointWorld,
  type EndpointWorld,
  type FakeChild,
} from '../../endpoint/endpoint-fixture.ts'
import { settled } from '../../session/session-fixture.ts'

/** An endpoint whose engine lets every call pass, each on record. @param options see `openEndpointWorld` */
export const openLinkWorld = (options?: Parameters<typeof openEndpointWorld>[0]): EndpointWorld => {
  const world = openEndpointWorld(options)
  let invocations = 0
  world.authorize = () =>
    Promise.resolve({
      verdict: 'forward',
      nonce: 'n',
      invocationId: parseInvocationId(`i-${(invocations += 1)}`),
      sessionId: alice,
    })
  return world
}

export const messagesTo = ({ received }: FakeChild): readonly JsonObject[] =>
  received.map(line => JSON.parse(line) as JsonObject)

export const lastOf = (child: FakeChild): JsonObject => messagesTo(child).at(-1)!

export const say = (child: FakeChild, message: object): void =>
  child.say.onLine(JSON.stringify({ jsonrpc: '2.0', ...message }))

/** The child answers what it was asked last. @param said its result or error */
export const answer = async (child: FakeChild, said: object): Promise<void> => {
  say(child, { id: lastOf(child)['id'], ...said })
  await settled()
}

/** As a server with sessions answers `server/discover`. */
export const unknownMethod: object = { error: { code: -32_601, message: 'Method not found' } }
export const discovered: object = { supportedVersions: ['2026-07-28'], capabilities: {} }
export const initialized: object = {
  protocolVersion: '2025-06-18',
  capabilities: { tools: {} },
  serverInfo: { name: 'old' },
}
