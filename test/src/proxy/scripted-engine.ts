import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import type {
  AdmitRequest,
  AuthorizeRequest,
  EngineServer,
  OutcomeReport,
  ProvenRequest,
  Refusal,
} from '@cordon/engine-socket'
import { createEngineServer } from '@cordon/engine-socket'
import { makeSessionId, parseInvocationId } from '@cordon/foundation'
import type { SessionId } from '@cordon/foundation'
import { stoppingMethods } from '@cordon/tokens'

/**
 * An engine behind its real socket that allows everything but what a test says. A token is the name of its session, and
 * any proof is good. Servers get tokens that say what for, each another one. */
export interface ScriptedEngine {
  readonly socketPath: string
  readonly calls: readonly AuthorizeRequest[]
  /** Requests that call nothing. */
  readonly admitted: readonly AdmitRequest[]
  readonly outcomes: readonly OutcomeReport[]
  /** Everything that came, in order: `call <tool>`, `outcome <invocation>`. */
  readonly order: readonly string[]
  /** By tool. */
  readonly refusedCalls: Map<string, Refusal>
  /** By token. */
  readonly refusedSessions: Map<string, Refusal>
  /** Tools that the kill switch took away, as far as calls of them are under way. */
  readonly stoppedTools: Set<string>
  /** Tool → the only definition that its agent may be shown. */
  readonly pins: Record<string, string>
  /** Tools that were withheld for theirs. */
  readonly withheld: readonly string[]
  /** Both tokens are of one session. */
  readonly sameSession: (token: string, other: string) => void
  /** Says that it changed how it answers about the session of this token, or any. */
  tellChanged(token?: string): void
  stop(): Promise<void>
  start(): Promise<void>
}

const nonce = 'nonce-of-the-engine'

const stopped: Refusal = { reason: 'REVOKED', message: 'An operator has stopped the tool.' }

let issued = 0
const tokenFor = (what: string): string => `${what.replace(':', '/')}#${(issued += 1)}`

const unproven = ({ proof }: ProvenRequest): Refusal | undefined =>
  proof === '' ? { reason: 'PROOF_MISSING', message: 'No proof.' } : undefined

/** A token that is no good is refused before its proof's number is counted. */
const uncountedFor = ({ reason }: Refusal): { readonly uncounted?: true } =>
  reason.startsWith('TOKEN_') ? { uncounted: true } : {}

export const startScriptedEngine = async (test: TestContext): Promise<ScriptedEngine> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-proxy-'))
  const socketPath = join(folder, 'engine.sock')
  const calls: AuthorizeRequest[] = []
  const admitted: AdmitRequest[] = []
  const outcomes: OutcomeReport[] = []
  const order: string[] = []
  const refusedCalls = new Map<string, Refusal>()
  const refusedSessions = new Map<string, Refusal>()
  const stoppedTools = new Set<string>()
  const pins: Record<string, string> = {}
  const withheld: string[] = []
  const sessions = new Map<string, SessionId>()
  let server: EngineServer | undefined

  const sessionOf = (token: string): SessionId => {
    const sessionId = sessions.get(token) ?? makeSessionId(0, randomUUID())
    sessions.set(token, sessionId)
    return sessionId
  }

  const sameSession = (token: string, other: string): void => void sessions.set(other, sessionOf(token))

  const start = async (): Promise<void> => {
    server = await createEngineServer({
      socketPath,
      onAuthorize(call) {
        calls.push(call)
        order.push(`call ${call.tool}`)
        const refusal = unproven(call) ?? refusedSessions.get(call.token) ?? refusedCalls.get(call.tool)
        const invocationId = parseInvocationId(randomUUID())
        const sessionId = sessionOf(call.token)
        return Promise.resolve(
          refusal === undefined
            ? { verdict: 'forward', invocationId, sessionId, nonce, downstreamToken: tokenFor(call.tool) }
            : { verdict: 'deny', refusal, invocationId, sessionId, nonce, ...uncountedFor(refusal) },
        )
      },
      onAdmit(request) {
        admitted.push(request)
        const { token, method } = request
        const refusal = unproven(request) ?? refusedSessions.get(token)
        const downstreamToken = tokenFor(method)
        return Promise.resolve(
          refusal === undefined
            ? { admitted: true, sessionId: sessionOf(token), nonce, downstreamToken, pins }
            : { admitted: false, refusal, nonce },
        )
      },
      onVouch({ token, method, underWay = [], withheld: told = [] }) {
        withheld.push(...told)
        const refusal = refusedSessions.get(token)
        return Promise.resolve(
          refusal === undefined
            ? {
                vouched: true,
                sessionId: sessionOf(token),
                nonce,
                ...(method !== undefined && { downstreamToken: tokenFor(method) }),
                stopped: underWay
                  .filter(tool => stoppedTools.has(tool))
                  .map(tool => ({ tool, refusal: stopped })),
              }
            : {
                vouched: false,
                refusal,
                nonce,
                ...(method !== undefined &&
                  stoppingMethods.has(method) && { downstreamToken: tokenFor(method) }),
              },
        )
      },
      onOutcome(outcome) {
        outcomes.push(outcome)
        order.push(`outcome ${outcome.outcome}`)
      },
    })
  }

  const stop = async (): Promise<void> => {
    await server?.close()
    server = undefined
  }

  await start()
  test.after(async () => {
    await stop()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    socketPath,
    calls,
    admitted,
    outcomes,
    order,
    refusedCalls,
    refusedSessions,
    stoppedTools,
    pins,
    withheld,
    sameSession,
    tellChanged: token => server?.tellChanged(token === undefined ? undefined : sessionOf(token)),
    start,
    stop,
  }
}
