import type { AdmitAnswer, AuthorizeAnswer, VouchAnswer } from '@cordon/engine-socket'
import { makeSessionId, parseInvocationId } from '@cordon/foundation'
import type { SessionId } from '@cordon/foundation'

import { createToolHeaders } from '../core/stateless/tool-headers.ts'
import { createToolDefinitions } from '../core/tool-definitions.ts'
import { latest, metaKey } from '../core/era.ts'
import type { CallOutcome, Engine, PipeListener } from '../ports.ts'
import { createMcpSessions } from '../session/mcp-sessions.ts'
import { fakeReply, fakeTimers, lengthReader, silentEvents } from '../session/session-fixture.ts'
import type { FakeReply, FakeTimers } from '../session/session-fixture.ts'
import type { EndpointParts } from './endpoint-parts.ts'
import { createMcpEndpoint } from './mcp-endpoint.ts'
import type { McpEndpoint } from './mcp-endpoint.ts'

/** A child that does nothing by itself. */
export interface FakeChild {
  readonly received: string[]
  readonly say: PipeListener
  ended: boolean
  paused: boolean
  /** When it is gone, once it was ended. */
  gone: Promise<void>
}

export interface Asked {
  readonly id: number | string
  readonly method: string
  readonly params?: { readonly name?: string; readonly [member: string]: unknown }
}

/** The endpoint with everything around it made by hand. */
export interface EndpointWorld {
  readonly endpoint: McpEndpoint
  readonly parts: EndpointParts
  readonly timers: FakeTimers
  readonly children: readonly FakeChild[]
  readonly outcomes: readonly CallOutcome[]
  /** As they are counted. */
  readonly ended: readonly CallOutcome['outcome'][]
  /** Where the answer to the latest request goes. */
  latestReply: FakeReply | undefined
  /** What the engine says to the next questions. */
  authorize: (request: Parameters<Engine['authorize']>[0]) => Promise<AuthorizeAnswer>
  admit: (
    token: string,
    method: string,
    contentDigest: string | undefined,
    bytes: number | undefined,
  ) => Promise<AdmitAnswer>
  vouch: (request: Parameters<Engine['vouch']>[0]) => Promise<VouchAnswer>
  post(message: object, options?: { readonly session?: string; readonly token?: string }): Promise<FakeReply>
  get(session: string): Promise<FakeReply>
  delete(session: string): Promise<FakeReply>
  /** As MCP 2026-07-28 has it. @param message without `_meta` */
  ask(
    message: Asked,
    options?: {
      readonly token?: string
      readonly capabilities?: object
      readonly clientInfo?: object
      /** Beside those that each request has. */
      readonly headers?: Readonly<Record<string, string>>
    },
  ): Promise<FakeReply>
  /** @returns the id of an MCP session that is open */
  initialize(): Promise<string>
}

export const alice: SessionId = makeSessionId(0, '00000000-0000-4000-8000-00000000000a')
export const mallory: SessionId = makeSessionId(0, '00000000-0000-4000-8000-00000000000b')

/** A call that counts. */
export const transfer: Asked = {
  id: 1,
  method: 'tools/call',
  params: { name: 'transfer', arguments: { to: 'x' } },
}

/** The engine lets it pass, on record. */
export const forward: AuthorizeAnswer = {
  verdict: 'forward',
  invocationId: parseInvocationId('i-1'),
  sessionId: alice,
  nonce: 'n',
}

const sessionOf = (token: string): SessionId => (token === 'mallory' ? mallory : alice)

/** @param isListed whether somebody had the server's tools listed before */
export const openEndpointWorld = ({
  isListed = true,
}: { readonly isListed?: boolean } = {}): EndpointWorld => {
  const timers = fakeTimers()
  const children: FakeChild[] = []
  const outcomes: CallOutcome[] = []
  const ended: CallOutcome['outcome'][] = []
  let sessions = 0
  const parts: EndpointParts = {
    servers: { bank: { transport: 'stdio', command: 'bank', args: [], env: {} } },
    engine: {
      connected: true,
      nonce: 'nonce-0',
      authorize: request => world.authorize(request),
      admit: ({ token, method, contentDigest, bytes }) => world.admit(token, method, contentDigest, bytes),
      vouch: request => world.vouch(request),
      reportOutcome: read => outcomes.push(read()),
    },
    results: lengthReader,
    children: {
      start(_name, _server, say) {
        const child: FakeChild = { received: [], say, ended: false, paused: false, gone: Promise.resolve() }
        children.push(child)
        return {
          send: text => !child.ended && child.received.push(text) > 0,
          pause: () => void (child.paused = true),
          resume: () => void (child.paused = false),
          end() {
            child.ended = true
            return child.gone
          },
        }
      },
    },
    httpServers: {
      send() {
        throw new Error('expected no HTTP')
      },
    },
    timers,
    events: { ...silentEvents, callEnded: outcome => void ended.push(outcome) },
    sessions: createMcpSessions({ maxSessions: 3, maxSessionsPerOwner: 2, maxSessionsPerHuman: 2 }),
    callTimeoutMs: 5_000,
    maxCallMs: 3_600_000,
    newSessionId: () => `session-${(sessions += 1)}`,
    toolHeaders: createToolHeaders(),
    definitions: createToolDefinitions(),
    maxBodyBytes: 1_000,
    publicUrl: () => 'http://127.0.0.1:1',
    hosts: new Set(['127.0.0.1']),
    authorizationServer: undefined,
  }
  if (isListed) parts.toolHeaders.listed('bank')
  const endpoint = createMcpEndpoint(parts)

  const send = async (
    method: string,
    text: string,
    session?: string,
    token = 'alice',
    more: Readonly<Record<string, string>> = {},
  ): Promise<FakeReply> => {
    const reply = fakeReply()
    world.latestReply = reply
    const headers = new Map([
      ['host', ['127.0.0.1:1']],
      ['authorization', [`DPoP ${token}`]],
      ['dpop', ['proof']],
      ['accept', ['application/json, text/event-stream']],
      ['content-type', ['application/json']],
    ])
    if (session !== undefined) headers.set('mcp-session-id', [session])
    for (const [name, value] of Object.entries(more)) headers.set(name, [value])
    await endpoint.handle(
      { method, path: '/mcp/bank', headers },
      () => Promise.resolve({ kind: 'text', text }),
      reply,
    )
    return reply
  }

  const world: EndpointWorld = {
    endpoint,
    parts,
    timers,
    children,
    outcomes,
    ended,
    latestReply: undefined,
    authorize: () => Promise.reject(new Error('expected no call')),
    admit: token => Promise.resolve({ admitted: true, sessionId: sessionOf(token), nonce: 'nonce-1' }),
    vouch: ({ token }) => Promise.resolve({ vouched: true, sessionId: sessionOf(token), nonce: 'nonce-1' }),
    post: (message, { session, token } = {}) =>
      send('POST', JSON.stringify({ jsonrpc: '2.0', ...message }), session, token),
    get: session => send('GET', '', session),
    delete: session => send('DELETE', '', session),
    ask({ params = {}, ...message }, { token, capabilities = {}, clientInfo, headers = {} } = {}) {
      const _meta = {
        [metaKey.protocolVersion]: latest.stateless,
        [metaKey.clientCapabilities]: capabilities,
        ...(clientInfo !== undefined && { [metaKey.clientInfo]: clientInfo }),
      }
      const { name } = params
      return send(
        'POST',
        JSON.stringify({ jsonrpc: '2.0', ...message, params: { ...params, _meta } }),
        undefined,
        token,
        {
          'mcp-protocol-version': latest.stateless,
          'mcp-method': message.method,
          ...(name !== undefined && { 'mcp-name': name }),
          ...headers,
        },
      )
    },
    async initialize() {
      const reply = await world.post({ id: 'init', method: 'initialize' })
      children.at(-1)!.say.onLine('{"jsonrpc":"2.0","id":"init","result":{}}')
      return reply.headers.get('mcp-session-id')!
    },
  }
  return world
}
