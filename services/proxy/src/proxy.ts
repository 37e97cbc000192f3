import { randomUUID } from 'node:crypto'

import type { ServiceSettings } from '@cordon/settings'
import type { Telemetry } from '@cordon/telemetry'

import { createHttpServers } from './adapters/http-servers.ts'
import { openHttpFront } from './adapters/http-front.ts'
import type { FrontPatience } from './adapters/http-front.ts'
import type { FrontBounds } from './adapters/front-bounds.ts'
import { nodeTimers } from './adapters/node-timers.ts'
import { resultReader } from './adapters/result-reader.ts'
import { openSocketEngine } from './adapters/socket-engine.ts'
import { createServerPipes } from './adapters/server-pipes.ts'
import { createStdioChildren } from './adapters/stdio-children.ts'
import type { ProxyConfig } from './config.ts'
import { createToolHeaders } from './core/stateless/tool-headers.ts'
import { hostName, loopbackHosts } from './core/host-name.ts'
import { createToolDefinitions } from './core/tool-definitions.ts'
import { createMcpEndpoint } from './endpoint/mcp-endpoint.ts'
import { createEvents } from './events.ts'
import type { Timers } from './ports.ts'
import { createMcpSessions } from './session/mcp-sessions.ts'
import { type SessionWatch, watchSessions } from './session/session-watch.ts'

/** 4 MiB, as much as the official server takes; arguments of more than 1 MiB are refused by the engine. */
const maxBodyBytes = 4 * 1024 * 1024
/** 16 MiB: what a tool may answer with at once. Larger messages are refused with a clear error. */
const maxMessageBytes = 16 * 1024 * 1024
const maxSessions = 512
const maxSessionsPerOwner = 32
/** A quarter: whoever opens many sessions of Cordon takes places from itself alone. */
const maxSessionsPerHuman = 128
/** How long what is open may outlive a suspension or the kill switch where the engine did not say so; a look takes a token that is cached. */
const watchIntervalMs = 1_000
/** For what is open when the proxy stops; then it gets a clear error. */
const drainPatienceMs = 10_000

export interface ProxyOptions extends Omit<ProxyConfig, keyof ServiceSettings> {
  /** With agents that dribble; tests have less. */
  readonly patience?: FrontPatience
  /** Of what agents may take; tests have less. */
  readonly bounds?: Partial<FrontBounds>
  /** By which calls and sessions go; tests have time in their hands. */
  readonly timers?: Timers
}

/** A proxy that serves. */
export interface Proxy {
  readonly port: number
  /** To the engine; without it nothing is allowed. */
  readonly isConnected: boolean
  /** Takes no more requests, answers the open ones, ends every MCP session. */
  close(): Promise<void>
}

export const openProxy = async (config: ProxyOptions, telemetry: Telemetry): Promise<Proxy> => {
  const timers = config.timers ?? nodeTimers
  const sessions = createMcpSessions({ maxSessions, maxSessionsPerOwner, maxSessionsPerHuman })
  const events = createEvents(
    telemetry,
    () => sessions.size,
    () => engine.connected,
  )
  let watch: SessionWatch | undefined
  const engine = openSocketEngine(
    config.engineSocket,
    event => {
      if (event.type === 'connected') events.engineConnected()
      else if (event.type === 'disconnected') events.engineLost(event.cause)
      else events.outcomeDropped()
    },
    sessionId => watch?.changed(sessionId),
  )
  const httpServers = createHttpServers(maxMessageBytes)
  const children = createStdioChildren({
    environment: config.childEnvironment,
    maxMessageBytes,
    stderrOf: server => ({
      line: text => events.serverError(server, config.logServerErrors ? text : undefined),
      suppressed: lines => events.serverErrorsSuppressed(server, lines),
    }),
  })
  const publicHost = hostName(config.publicUrl ?? '')
  const endpoint = createMcpEndpoint({
    servers: config.servers,
    callTimeoutMs: config.callTimeoutMs,
    maxCallMs: config.maxCallMs,
    authorizationServer: config.authorizationServer,
    sessions,
    engine,
    httpServers,
    children: createServerPipes({ children, httpServers, maxMessageBytes }),
    events,
    hosts: new Set([...loopbackHosts, ...(publicHost === undefined ? [] : [publicHost])]),
    timers,
    results: resultReader,
    toolHeaders: createToolHeaders(),
    definitions: createToolDefinitions(),
    maxBodyBytes,
    newSessionId: randomUUID,
    publicUrl: () => publicUrl,
  })
  const front = await openHttpFront({
    host: config.host,
    port: config.port,
    maxBodyBytes,
    handle: endpoint.handle,
    onUnreadable: endpoint.turnAwayUnreadable,
    onRefused: events.connectionRefused,
    onUnread: events.answerUnread,
    ...(config.patience !== undefined && { patience: config.patience }),
    ...(config.bounds !== undefined && { bounds: config.bounds }),
  }).catch(async (error: unknown) => {
    await engine.close()
    throw error
  })
  // Its own address is part of what it answers, and known only once it listens.
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  const publicUrl = config.publicUrl ?? `http://${host}:${front.port}`
  watch = watchSessions({
    sessions,
    engine,
    timers,
    intervalMs: watchIntervalMs,
    idleTimeoutMs: config.idleTimeoutMs,
  })

  return {
    port: front.port,
    get isConnected() {
      return engine.connected
    },
    async close() {
      endpoint.drain()
      watch?.stop()
      for (const session of sessions.all()) session.silence()
      const answered = front.close()
      const patience = nodeTimers.after(drainPatienceMs, () => void sessions.endAll('drained'))
      await answered
      patience.cancel()
      await sessions.endAll('drained')
      httpServers.close()
      await engine.close()
    },
  }
}
