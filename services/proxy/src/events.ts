import {
  refusalReasons,
  type AuthorizeAnswer,
  type OutcomeReport,
  type RefusalReason,
} from '@cordon/engine-socket'
import type { Telemetry } from '@cordon/telemetry'

import type { UnreadAnswer } from './adapters/unsent-bytes.ts'
import { rejectionCauses } from './core/answer.ts'
import type { RejectionCause } from './core/answer.ts'
import { faultKinds } from './core/fault.ts'
import type { Fault } from './core/fault.ts'
import { mcpSessionEnds } from './core/session-states.ts'
import type { McpSessionEnd } from './core/session-states.ts'
import { withheldCauses } from './core/tool-definitions.ts'
import type { WithheldTool } from './core/tool-definitions.ts'

/** One function per fact of the proxy. */
export interface ProxyEvents {
  engineConnected(): void
  engineLost(cause: unknown): void
  /** The engine will never know how a call ended: too many outcomes waited for it. */
  outcomeDropped(): void
  /** Turned away before anything was forwarded, whoever sent it. */
  requestRejected(cause: RejectionCause): void
  /** A connection of which nothing was read: as many are open as may be. */
  readonly connectionRefused: () => void
  /** An answer was given up because its agent does not read it. */
  readonly answerUnread: (why: UnreadAnswer) => void
  requestFailed(error: unknown): void
  /** The engine answered. @param seconds from the question to the answer */
  callDecided(verdict: AuthorizeAnswer['verdict'], seconds: number): void
  requestRefused(reason: RefusalReason): void
  /** The engine let it pass, and nothing more comes of it. */
  callEnded(outcome: OutcomeReport['outcome']): void
  /** It was under way when its session lost its standing. */
  requestCut(reason: RefusalReason): void
  mcpSessionEnded(server: string, why: McpSessionEnd): void
  upstreamFailed(server: string, fault: Fault): void
  /** Responses that nobody waits for, and what was said to nobody for too long. */
  serverMessagesDropped(count: number): void
  serverMessageMalformed(server: string): void
  /** Its streams for what it says of its own accord end at once, again and again. */
  serverStreamGivenUp(server: string): void
  /** What the agent is not given: it could not answer it, or is asked too much already. */
  serverMessageRefused(cause: 'method_unknown' | 'too_many_open'): void
  /** Tools that were listed and not shown. */
  toolsWithheld(server: string, tools: readonly WithheldTool[]): void
  /** Tools that were shown to their session before with another definition. @param names their own */
  toolsChanged(server: string, names: readonly string[]): void
  /** The agent answered what no server asked, or waits for any more: that stays here. */
  responseUnasked(): void
  /** A line of a tool server's standard error. @param line absent where it is not to be logged: it may hold what the agent's user sent */
  serverError(server: string, line: string | undefined): void
  serverErrorsSuppressed(server: string, lines: number): void
}

/** In the log; whoever runs everything on one machine reads such lines there. */
export const toolServerFailed = 'tool server failed'

/** In one line of the log. */
const maxNamedTools = 10

const cutReasons = ['SESSION_SUSPENDED', 'REVOKED', 'SESSION_ENDED', 'SESSION_UNKNOWN'] as const

/** @param openSessions asked on each scrape @param engineConnected asked on each scrape */
export const createEvents = (
  telemetry: Telemetry,
  openSessions: () => number,
  engineConnected: () => boolean,
): ProxyEvents => {
  const { log } = telemetry
  const decided = telemetry.histogram({
    name: 'call_decision_seconds',
    help: 'From asking the engine about a call to its answer.',
    labels: { verdict: ['forward', 'hold', 'deny'] },
  })
  const refused = telemetry.counter({
    name: 'requests_refused_total',
    help: 'Requests that the engine refused, or could not be asked about.',
    labels: { reason: refusalReasons },
  })
  const rejected = telemetry.counter({
    name: 'requests_rejected_total',
    help: 'Requests that were turned away before anything was forwarded.',
    labels: { cause: rejectionCauses },
  })
  const unread = telemetry.counter({
    name: 'answers_unread_total',
    help: 'Answers that were given up because their agent did not read them.',
    labels: { why: ['stalled', 'too_much'] },
  })
  const failed = telemetry.counter({ name: 'requests_failed_total', help: 'Requests that met a fault here.' })
  const ended = telemetry.counter({
    name: 'calls_ended_total',
    help: 'Calls that the engine let pass, by how they ended: each once, forwarded or not.',
    labels: { outcome: ['ok', 'error', 'cancelled', 'timeout'] },
  })
  const cut = telemetry.counter({
    name: 'requests_cut_total',
    help: 'Requests that were under way when their session was suspended, revoked or ended.',
    labels: { reason: cutReasons },
  })
  const faults = telemetry.counter({
    name: 'upstream_faults_total',
    help: 'What tool servers did not do.',
    labels: { kind: faultKinds },
  })
  const sessionsEnded = telemetry.counter({
    name: 'mcp_sessions_ended_total',
    help: 'MCP sessions that ended.',
    labels: { why: mcpSessionEnds },
  })
  const dropped = telemetry.counter({
    name: 'server_messages_dropped_total',
    help: 'Messages of tool servers that reached no agent.',
    labels: { cause: ['nobody_waits', 'malformed', 'method_unknown', 'too_many_open'] },
  })
  const unasked = telemetry.counter({
    name: 'unasked_responses_total',
    help: 'Responses of agents to nothing that a tool server waits for.',
  })
  const withheld = telemetry.counter({
    name: 'tools_withheld_total',
    help: 'Tools that a server listed and its agent was not shown.',
    labels: { cause: withheldCauses },
  })
  const changed = telemetry.counter({
    name: 'tools_changed_total',
    help: 'Tools whose definition changed under a session that was shown them before.',
  })
  const errorLines = telemetry.counter({
    name: 'server_error_lines_total',
    help: 'Lines that tool servers wrote to standard error.',
  })
  const streamsGivenUp = telemetry.counter({
    name: 'server_streams_given_up_total',
    help: 'Streams of tool servers that ended at once, again and again.',
  })
  const outcomesDropped = telemetry.counter({
    name: 'outcomes_dropped_total',
    help: 'Outcomes that the engine will never know.',
  })
  telemetry.gauge({
    name: 'open_mcp_sessions',
    help: 'MCP sessions that have not ended.',
    read: openSessions,
  })
  telemetry.gauge({
    name: 'engine_connections',
    help: '1 while the engine is connected.',
    read: () => (engineConnected() ? 1 : 0),
  })

  return {
    engineConnected: () => log.info({}, 'engine connected'),
    engineLost: cause => log.warn({ error: cause }, 'engine lost, nothing is allowed'),
    outcomeDropped: () => {
      outcomesDropped.add(1)
      log.error({}, 'outcome dropped')
    },
    requestRejected: cause => {
      rejected.add(1, { cause })
      log.debug({ cause }, 'request rejected')
    },
    connectionRefused: () => {
      rejected.add(1, { cause: 'too_many_connections' })
      log.debug({}, 'connection refused')
    },
    answerUnread: why => {
      unread.add(1, { why })
      log.warn({ why }, 'answer given up that its agent does not read')
    },
    requestFailed: error => {
      failed.add(1)
      log.error({ error }, 'request failed')
    },
    callDecided: (verdict, seconds) => decided.observe(seconds, { verdict }),
    requestRefused: reason => {
      refused.add(1, { reason })
      log.info({ reason }, 'request refused')
    },
    callEnded: outcome => ended.add(1, { outcome }),
    requestCut: reason => {
      const known = cutReasons.find(each => each === reason)
      if (known !== undefined) cut.add(1, { reason: known })
      log.info({ reason }, 'request cut')
    },
    mcpSessionEnded: (server, why) => {
      sessionsEnded.add(1, { why })
      log.info({ server, why }, 'MCP session ended')
    },
    upstreamFailed: (server, { kind, detail }) => {
      // An MCP session that ends under its requests is no fault of the server.
      if (kind === 'session_ended') return
      faults.add(1, { kind })
      log.warn({ server, kind, detail }, toolServerFailed)
    },
    serverMessagesDropped: count => dropped.add(count, { cause: 'nobody_waits' }),
    serverMessageMalformed: server => {
      dropped.add(1, { cause: 'malformed' })
      log.debug({ server }, 'tool server sent no message')
    },
    serverStreamGivenUp: server => {
      streamsGivenUp.add(1)
      log.warn({ server }, 'stream of a tool server given up: it ends at once')
    },
    serverMessageRefused: cause => {
      dropped.add(1, { cause })
      log.debug({ cause }, 'tool server asked what the agent is not asked')
    },
    toolsWithheld: (server, tools) => {
      for (const { cause } of tools) withheld.add(1, { cause })
      log.warn({ server, count: tools.length, tools: tools.slice(0, maxNamedTools) }, 'tools withheld')
    },
    toolsChanged: (server, names) => {
      changed.add(names.length)
      log.warn(
        { server, count: names.length, tools: names.slice(0, maxNamedTools) },
        'definitions of tools changed under a session',
      )
    },
    responseUnasked: () => {
      unasked.add(1)
      log.debug({}, 'agent answered what nobody asked')
    },
    serverError: (server, line) => {
      errorLines.add(1)
      if (line !== undefined) log.info({ server, line }, 'tool server wrote to standard error')
    },
    serverErrorsSuppressed: (server, lines) => {
      errorLines.add(lines)
      log.info({ server, lines }, 'tool server wrote too much')
    },
  }
}
