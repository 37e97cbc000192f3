import { wordingBits } from '@cordon/extraction'
import type { Random } from '@cordon/foundation'
import type { Records } from '@cordon/schemas'
import { unboundOpening } from '@cordon/schemas'

/** One record of the load and when it is due, in milliseconds after the start. */
export interface DueRecord {
  readonly dueMs: number
  readonly sessionId: string
  readonly record: LoadRecord
}

/** A record as a session writes it; times are filled in when it is sent. */
export type LoadRecord = {
  [Name in LoadRecordName]: { readonly name: Name; readonly value: (now: number) => Records[Name] }
}[LoadRecordName]

type LoadRecordName = 'SessionOpened' | 'InvocationAttempted' | 'InvocationCompleted' | 'SessionEnded'

export interface SessionShape {
  readonly partitions: number
  /** Share of sessions that turn bad: they pass values from results on into calls that act. */
  readonly badShare: number
}

// The shape of the public agent traces: calls a session (median 2, mean 3.4, 99th percentile 16), sizes, and the share
// of calls that change something.
const callsPerSession = [1, 1, 2, 2, 2, 2, 3, 4, 5, 12] as const
/** A call proof with an Ed25519 key, as agents send it. */
const proofCharacters = 640
/** Positions in the wording of a result: of running text more than of fields. */
const positionsPerResult = [0, 0, 2, 10, 17, 60, 110, 138, 210, 265] as const
const readingTools = [
  'mail/search',
  'files/read',
  'files/list',
  'crm/get_customer',
  'calendar/list',
  'web/fetch',
] as const
const actingTools = ['mail/send', 'calendar/create', 'files/write'] as const
const actingShare = 0.25
/** A bad session's calls act more often: what it was told to do is all that it does. */
const badActingShare = 0.6
const thinkMs = 1500
const resultMs = 100

const meanCalls = callsPerSession.reduce<number>((sum, calls) => sum + calls, 0) / callsPerSession.length

/** Records of a session, on average: opening and end beside an attempt and an outcome per call. */
export const meanRecords: number = 2 * meanCalls + 2

/** No session goes on for longer. */
export const longestMs: number = (Math.max(...callsPerSession) * 1.5 + 1) * thinkMs + resultMs

/** One session, in the order of its records. */
export const makeSession = (random: Random, startMs: number, shape: SessionShape): DueRecord[] => {
  const sessionId = `${Math.floor(random() * shape.partitions)}.${uuid(random)}`
  const agent = Math.floor(random() * 20)
  const calls = pick(random, callsPerSession)
  const bad = random() < shape.badShare && calls > 1
  const carried = bad ? fingerprint(random) : undefined
  let dueMs = startMs
  const records: DueRecord[] = [
    {
      dueMs,
      sessionId,
      record: {
        name: 'SessionOpened',
        value: now => ({
          sessionId,
          openedAt: now,
          human: `human-${agent}`,
          agentId: `agent-${agent}`,
          platform: 'bench',
          role: `role-${agent % 4}`,
          conversationId: null,
          intent: null,
          intentWording: Buffer.alloc(0),
          bundleVersion: 1,
          ...unboundOpening,
        }),
      },
    },
  ]
  for (let call = 0; call < calls; call += 1) {
    // The first call of a bad session is the one that reads what it then follows.
    const acts = random() < (bad ? (call === 0 ? 0 : badActingShare) : actingShare)
    dueMs += thinkMs * (0.5 + random())
    records.push(...makeCall(random, { sessionId, dueMs, call, acts, carried, agent }))
  }
  dueMs += thinkMs
  return [
    ...records,
    {
      dueMs,
      sessionId,
      record: { name: 'SessionEnded', value: now => ({ sessionId, endedAt: now, reason: 'closed' }) },
    },
  ]
}

interface CallPlan {
  readonly sessionId: string
  readonly dueMs: number
  readonly call: number
  readonly agent: number
  readonly acts: boolean
  /** What the session passes on from a result into a call that acts, where it does. */
  readonly carried: number | undefined
}

const makeCall = (random: Random, plan: CallPlan): DueRecord[] => {
  const { sessionId, dueMs, call, acts, carried, agent } = plan
  const tool = acts ? pick(random, actingTools) : pick(random, readingTools)
  const invocationId = uuid(random)
  const argument = acts && carried !== undefined ? carried : fingerprint(random)
  const results = Array.from({ length: Math.floor(random() * 8) }, () => fingerprint(random))
  if (!acts && carried !== undefined) results.push(carried)
  const digest = Buffer.alloc(32, call)
  // Agents keep to their folders; who does what it was told to goes elsewhere.
  const folder = carried === undefined || !acts ? agent * 4 + (argument % 4) : argument
  return [
    {
      dueMs,
      sessionId,
      record: {
        name: 'InvocationAttempted',
        value: now => ({
          sessionId,
          invocationId,
          sequence: call,
          attemptedAt: now,
          engineId: 'bench',
          server: tool.slice(0, tool.indexOf('/')),
          tool,
          mode: acts ? 'gate' : 'enforce',
          readOnly: !acts,
          sensitivity: acts ? 2 : 1,
          resources: [{ kind: 'path', name: `folder-${folder}` }],
          entities: [{ kind: 'identifier', fingerprint: argument, target: true }],
          entitiesOverflow: false,
          parameters: [
            { name: 'folder', value: folder, wording: wordingOf(folder) },
            { name: 'target', value: argument, wording: wordingOf(argument) },
          ],
          argumentsBytes: 90,
          argumentsShape: 1,
          argumentsDigest: digest,
          tokenId: 'bench',
          bundleVersion: 1,
          proof: 'p'.repeat(proofCharacters),
          proofSequence: call,
          drift: 'none',
        }),
      },
    },
    {
      dueMs: dueMs + resultMs,
      sessionId,
      record: {
        name: 'InvocationCompleted',
        value: now => ({
          sessionId,
          invocationId,
          completedAt: now,
          tool,
          outcome: 'ok',
          resultBytes: 1200,
          resultDigest: digest,
          entities: results.map(value => ({
            kind: 'identifier' as const,
            fingerprint: value,
            target: false,
          })),
          entitiesOverflow: false,
          entitiesLost: false,
          wording: resultWording(random),
          repeats: 0,
          repeatedBytes: 0,
        }),
      },
    },
  ]
}

const pick = <T>(random: Random, items: readonly [T, ...T[]]): T =>
  items[Math.floor(random() * items.length)] ?? items[0]

const fingerprint = (random: Random): number => Math.floor(random() * 2 ** 52)

/** The positions of two words, and of the one behind the other. */
const wordingOf = (value: number): number[] =>
  [value, value / wordingBits, value / wordingBits ** 2].map(part => Math.floor(part) % wordingBits)

const resultWording = (random: Random): Buffer => {
  const positions = Array.from({ length: pick(random, positionsPerResult) }, () =>
    Math.floor(random() * wordingBits),
  )
  return Buffer.from(Uint16Array.from(positions).buffer)
}

const uuid = (random: Random): string => {
  // One draw for each 16 bits: a draw per digit would be the dearest part of making a session.
  const hex = Array.from({ length: 8 }, () =>
    Math.floor(random() * 0x1_0000)
      .toString(16)
      .padStart(4, '0'),
  ).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
