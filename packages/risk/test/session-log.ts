import type { Drift, Entity, Mode, Outcome, Parameter, Resource } from '@cordon/schemas'
import { unboundOpening } from '@cordon/schemas'

import type { SessionEvent } from '../src/session-event.ts'

/** One call of a written log; what is left out is harmless. */
export interface Call {
  readonly tool: string
  readonly sensitivity?: number
  readonly readOnly?: boolean
  readonly mode?: Mode
  readonly resources?: readonly Resource[]
  readonly entities?: readonly Entity[]
  readonly entitiesOverflow?: boolean
  readonly parameters?: readonly (Omit<Parameter, 'wording'> & Partial<Parameter>)[]
  readonly shape?: number
  readonly resultBytes?: number
  /** Fingerprints in the result. */
  readonly result?: readonly number[]
  readonly resultOverflow?: boolean
  /** What did not fit is nowhere. */
  readonly resultLost?: boolean
  /** Positions of the words of its running text. */
  readonly text?: readonly number[]
  readonly outcome?: Outcome
  /** Since the call before. */
  readonly afterMs?: number
  /** How far behind the record time the engine's clock is. */
  readonly lateMs?: number
  /** Of the call whose record is delivered again. */
  readonly invocationId?: string
  readonly sequence?: number
  readonly engineId?: string
  readonly proofSequence?: number
  readonly drift?: Drift
  /** Reason of the engine's refusal, in place of a completion. */
  readonly refused?: string
}

export interface Who {
  readonly session?: string
  readonly agentId?: string
  readonly role?: string
  /** Positions of the words that the human asked with. */
  readonly asked?: readonly number[]
}

export const logStart: number = Date.UTC(2026, 0, 1)

const noBytes = Buffer.alloc(0)

const denseBytes = 1024

// As engines write it, see `InvocationCompleted.wording`.
const wordingOf = (positions: readonly number[]): Buffer => {
  if (2 * positions.length >= denseBytes) {
    const dense = Buffer.alloc(denseBytes)
    for (const position of positions) dense[position >> 3]! |= 1 << (position & 7)
    return dense
  }
  const wording = Buffer.alloc(2 * positions.length)
  for (const [index, position] of positions.entries()) wording.writeUInt16LE(position, 2 * index)
  return wording
}

/** A session's log from its opening to its last call, a call every 10 s. */
export const sessionLog = (who: Who, calls: readonly Call[]): SessionEvent[] => {
  const sessionId = `0.${who.session ?? 'one'}`
  let at = logStart
  const log: SessionEvent[] = [
    {
      name: 'SessionOpened',
      at,
      value: {
        sessionId,
        openedAt: at,
        human: 'ada',
        agentId: who.agentId ?? 'agent',
        platform: 'tests',
        role: who.role ?? 'analyst',
        conversationId: null,
        intent: null,
        intentWording: wordingOf(who.asked ?? []),
        bundleVersion: 1,
        ...unboundOpening,
      },
    },
  ]
  for (const [position, call] of calls.entries()) {
    at += call.afterMs ?? 10_000
    const invocationId = call.invocationId ?? `${sessionId}/${position}`
    log.push({
      name: 'InvocationAttempted',
      at,
      value: {
        sessionId,
        invocationId,
        sequence: call.sequence ?? position,
        attemptedAt: at - (call.lateMs ?? 0),
        engineId: call.engineId ?? 'engine',
        server: call.tool.split('/')[0]!,
        tool: call.tool,
        mode: call.mode ?? 'enforce',
        readOnly: call.readOnly ?? true,
        sensitivity: call.sensitivity ?? 1,
        resources: call.resources ?? [],
        entities: call.entities ?? [],
        entitiesOverflow: call.entitiesOverflow ?? false,
        parameters: (call.parameters ?? []).map(parameter => ({ wording: [], ...parameter })),
        argumentsBytes: 0,
        argumentsShape: call.shape ?? 0,
        argumentsDigest: noBytes,
        tokenId: 'token',
        bundleVersion: 1,
        proof: null,
        proofSequence: call.proofSequence ?? null,
        drift: call.drift ?? 'none',
      },
    })
    log.push(
      call.refused === undefined
        ? {
            name: 'InvocationCompleted',
            at: at + 100,
            value: {
              sessionId,
              invocationId,
              completedAt: at + 100,
              tool: call.tool,
              outcome: call.outcome ?? 'ok',
              resultBytes: call.resultBytes ?? 0,
              resultDigest: noBytes,
              entities: (call.result ?? []).map(fingerprint => ({
                kind: 'path',
                fingerprint,
                target: false,
              })),
              entitiesOverflow: call.resultOverflow ?? false,
              entitiesLost: call.resultLost ?? true,
              repeats: 0,
              repeatedBytes: 0,
              wording: wordingOf(call.text ?? []),
            },
          }
        : {
            name: 'InvocationDenied',
            at: at + 100,
            value: {
              sessionId,
              invocationId,
              deniedAt: at + 100,
              tool: call.tool,
              verdict: 'deny',
              reason: call.refused,
              standing: 'trusted',
              proofSequence: call.proofSequence ?? null,
            },
          },
    )
  }
  return log
}

/** An entity in an argument that says what the call acts on. */
export const target = (fingerprint: number): Entity => ({ kind: 'path', fingerprint, target: true })

/** An entity in any other argument. */
export const mention = (fingerprint: number): Entity => ({ kind: 'email', fingerprint, target: false })

export const table = (name: string): Resource => ({ kind: 'table', name })
