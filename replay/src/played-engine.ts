import { createHash } from 'node:crypto'

import { createEngine, outcomeRecord, type Engine, type EnginePorts } from '@cordon/engine'
import { encodeWording, extractEntities, extractWording } from '@cordon/extraction'
import { parseAgentId, parseEngineId, type AgentId, type InvocationId } from '@cordon/foundation'
import type { Bundle } from '@cordon/policy'
import type { SessionToken } from '@cordon/tokens'
import { qualifiedTool, type TraceCall } from '@cordon/traces'

import type { CallBundles } from './call-bundles.ts'
import type { PlayedSession } from './timeline.ts'

/** Plays the calls of one recorded session through an engine that lives in recorded time. */
export interface PlayedEngine {
  /** @returns the call's id, to be named with its result */
  call(call: TraceCall, atMs: number): Promise<InvocationId | undefined>
  /** Also of calls that the engine refuses by itself: they were made, and what came of them was read. */
  result(invocationId: InvocationId, call: TraceCall, atMs: number): void
}

const engineId = parseEngineId('replay')
const tokenLifeMs = 300_000

/** @param bundles what the engine would have at each call */
export const playedEngine = (
  session: PlayedSession,
  ports: EnginePorts,
  bundles: CallBundles,
): PlayedEngine => {
  let now = session.startMs
  let bundle: Bundle | undefined = undefined
  const refused = new Map<InvocationId, string>()
  const extraction = bundles.everyArgumentActs ? actingOnAll(ports.extraction) : ports.extraction
  const ownPorts = { ...ports, extraction, bundles: { current: () => bundle } }
  const engine: Engine = createEngine({
    engineId,
    ports: ownPorts,
    clock: { now: () => now },
    observer: silent,
  })
  return {
    call: async (call, atMs) => {
      now = atMs
      bundle = bundles.at(call)
      const [server = '', tool = ''] = qualifiedTool(call.tool).split(/\/(.*)/s)
      const principal = principalOf(session, server, atMs)
      const { verdict, invocationId } = await engine.authorizePrincipal(principal, {
        server,
        tool,
        arguments: call.arguments,
      })
      if (verdict !== 'forward' && invocationId !== undefined) refused.set(invocationId, `${server}/${tool}`)
      return invocationId
    },
    result: (invocationId, call, atMs) => {
      now = atMs
      const { entities, overflow } = extractEntities(call.result)
      const report: Parameters<Engine['recordOutcome']>[0] = {
        type: 'outcome',
        invocationId,
        outcome: call.failed ? 'error' : 'ok',
        resultBytes: call.resultChars,
        resultDigest: createHash('sha256').update(call.result).digest('hex'),
        entities,
        // Of a recording that was cut the rest was never read.
        entitiesOverflow: overflow || call.resultChars > call.result.length,
        wording: encodeWording(extractWording(call.result)).toString('base64'),
      }
      const tool = refused.get(invocationId)
      if (tool === undefined) return engine.recordOutcome(report)
      refused.delete(invocationId)
      const value = outcomeRecord(report, { sessionId: session.sessionId, tool }, ports.extraction, atMs)
      ports.sessionLog.append(session.sessionId, [{ name: 'InvocationCompleted', value }], 'later')
      return undefined
    },
  }
}

/** The arguments that name resources, by their true names, and all others as they are. */
const actingOnAll = (extraction: EnginePorts['extraction']): EnginePorts['extraction'] => ({
  ...extraction,
  targets: (extractors, args) => {
    const named = extraction.resources(extractors, args).map(({ name }) => name)
    return extraction.targets([], named.length === 0 ? args : { args, named })
  },
})

const silent = {
  callDecided: () => undefined,
  callRepeated: () => undefined,
  proofReplayed: () => undefined,
  toolDrifted: () => undefined,
  outcomeTakenOver: () => undefined,
  outcomeUnattributed: () => undefined,
}

interface PlayedIdentity {
  readonly agentId: AgentId
  readonly role: string
  readonly human: string
  readonly platform: string
}

/** Every recorded session has a human of its own. */
export const identityOf = ({ trace, sessionId }: PlayedSession): PlayedIdentity => ({
  agentId: parseAgentId(trace.agentId),
  role: trace.role,
  human: `recorded ${sessionId}`,
  platform: 'replay',
})

const principalOf = (session: PlayedSession, server: string, atMs: number): SessionToken => ({
  ...identityOf(session),
  sessionId: session.sessionId,
  clearance: 3,
  server,
  tools: new Set([`${server}/*`]),
  tokenId: 'replay',
  transactionId: session.sessionId,
  issuedAt: atMs,
  expiresAt: atMs + tokenLifeMs,
  authenticatedAt: session.startMs,
  acr: '0',
  holder: 'replay',
  status: { uri: 'replay', index: 0 },
})
