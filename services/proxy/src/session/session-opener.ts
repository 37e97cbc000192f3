import type { SessionId } from '@cordon/foundation'

import type { Era } from '../core/era.ts'
import { outcomeOfEnd } from '../core/session-states.ts'
import { humanOf } from '../core/token-claims.ts'
import type { ToolHeaders } from '../core/stateless/tool-headers.ts'
import type { ToolDefinitions } from '../core/tool-definitions.ts'
import type { ToolServer } from '../core/tool-server.ts'
import type { ProxyEvents } from '../events.ts'
import type { Engine, HttpServers, ResultReader, ServerPipes, Timers } from '../ports.ts'
import { openHttpUpstream } from '../upstream/http-upstream.ts'
import { openSessionlessUpstream } from '../upstream/sessionless/sessionless-upstream.ts'
import { openStdioUpstream } from '../upstream/stdio-upstream.ts'
import type { Upstream, UpstreamObserver } from '../upstream/upstream.ts'
import { vouchedServers } from '../upstream/vouched-servers.ts'
import { createConnection } from './connection.ts'
import type { Exchanges } from './exchanges.ts'
import { createExchanges } from './exchanges.ts'
import type { McpSession } from './mcp-session.ts'
import type { McpSessions } from './mcp-sessions.ts'
import { reportEnd } from './report-end.ts'
import { createTaskStops } from './task-stops.ts'
import { createTasks } from './tasks.ts'
import { createRepeat, createVouch, type Repeat, type Vouch } from './vouch.ts'

/** What MCP sessions are made of. */
export interface SessionParts {
  readonly servers: Readonly<Record<string, ToolServer>>
  readonly engine: Engine
  readonly results: ResultReader
  readonly children: ServerPipes
  readonly httpServers: HttpServers
  readonly timers: Timers
  readonly events: ProxyEvents
  readonly sessions: McpSessions
  readonly toolHeaders: ToolHeaders
  readonly definitions: ToolDefinitions
  readonly callTimeoutMs: number
  readonly maxCallMs: number
  /** Unguessable: it is shown to nobody but its agent. */
  readonly newSessionId: () => string
}

export interface NewSession {
  readonly server: string
  readonly owner: SessionId
  readonly token: string
  /** What the server speaks: messages go as they are, or are said otherwise. */
  readonly spoken: Era
}

/** Opens an MCP session, its child process included. @returns `undefined` where there are too many */
export const openMcpSession = (
  parts: SessionParts,
  { server, owner, token, spoken }: NewSession,
): McpSession | undefined => {
  const { engine, results, timers, events, sessions, callTimeoutMs, maxCallMs } = parts
  const toolServer = parts.servers[server]
  if (toolServer === undefined || !sessions.makeRoom(owner, humanOf(token) ?? owner, timers.now()))
    return undefined
  const id = parts.newSessionId()
  const tasks = createTasks()
  const exchanges = createExchanges({
    owner,
    server,
    engine,
    results,
    tasks,
    timers,
    events,
    callTimeoutMs,
    maxCallMs,
    onGivenUp({ id: requestId }) {
      const cancelled = {
        method: 'notifications/cancelled',
        params: { requestId, reason: 'The proxy does not wait for an answer any more.' },
      }
      const text = JSON.stringify({ jsonrpc: '2.0', ...cancelled })
      void session.upstream.notify({ kind: 'notification', ...cancelled }, text, {})
    },
  })
  const connection = createConnection({
    id,
    server,
    owner,
    token,
    exchanges,
    ongoing: () => ({ tools: () => tasks.tools(), giveUp: tool => stops.stop(tasks.takeAll(tool)) }),
    endUpstream: () => stops.underWay?.then(() => session.upstream.end()) ?? session.upstream.end(),
    onEnd(why, closed) {
      sessions.remove(session)
      sessions.closing(closed)
      events.mcpSessionEnded(server, why)
      for (const { invocationId } of tasks.takeAll()) reportEnd(parts, invocationId, outcomeOfEnd(why))
    },
  })
  const stops = createTaskStops({
    engine,
    results,
    events,
    timers,
    connection: () => connection,
    tell: (text, headers) => session.upstream.tell(text, headers),
    newId: parts.newSessionId,
  })
  const onGone = (): void => void connection.end('upstream_gone')
  const vouch = createVouch(engine, () => connection)
  const upstream = openUpstream(
    { ...parts, httpServers: vouchedServers(parts.httpServers, vouch) },
    {
      name: server,
      server: toolServer,
      exchanges,
      observer: { onGone },
      vouch,
      repeat: createRepeat(engine, () => connection, parts.definitions),
    },
    spoken,
  )
  const session: McpSession = Object.assign(connection, { tasks, upstream })
  sessions.add(session)
  return session
}

interface UpstreamParts {
  readonly name: string
  readonly server: ToolServer
  readonly exchanges: Exchanges
  readonly observer: UpstreamObserver
  readonly vouch: Vouch
  readonly repeat: Repeat
}

const openUpstream = (parts: SessionParts, upstream: UpstreamParts, spoken: Era): Upstream => {
  const { server } = upstream
  if (spoken === 'stateless') return openSessionlessUpstream({ ...parts, ...upstream })
  return server.transport === 'http'
    ? openHttpUpstream({ ...parts, ...upstream, server, servers: parts.httpServers })
    : openStdioUpstream({ ...parts, ...upstream, server })
}
