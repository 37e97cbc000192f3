import { seededRandom, type Random } from '@cordon/foundation'
import type { Records } from '@cordon/schemas'

/** One record of the load and when it is due, in milliseconds after the start. */
export interface DueRecord {
  readonly dueMs: number
  readonly sessionId: string
  readonly record: LoadRecord
}

/** A record as a session writes it; times are filled in when it is sent. */
export type LoadRecord = {
  [Name in 'SessionOpened' | 'InvocationAttempted' | 'InvocationCompleted' | 'SessionEnded']: {
    readonly name: Name
    readonly value: (now: number) => Records[Name]
  }
}['SessionOpened' | 'InvocationAttempted' | 'InvocationCompleted' | 'SessionEnded']

export interface SessionLoadOptions {
  readonly seed: number
  readonly eventsPerSecond: number
  readonly durationMs: number
  readonly partitions: number
  /** Share of sessions that turn bad: they pass a value from a result on into a sensitive call. */
  readonly badShare: number
}

// The shape of the public agent traces: calls a session (median 2, mean 3.4, 99th percentile 16), sizes, and the share
// of calls that change something.
const callsPerSession = [1, 1, 2, 2, 2, 2, 3, 4, 5, 12] as const
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
const thinkMs = 1500

const pick = <T>(random: Random, items: readonly [T, ...T[]]): T =>
  items[Math.floor(random() * items.length)] ?? items[0]
const fingerprint = (random: Random): number => Math.floor(random() * 2 ** 52)

const uuid = (random: Random): string => {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}

/** Sessions that start, work and end at random, ordered by the time at which each record is due. */
export const makeSessionLoad = (options: SessionLoadOptions): readonly DueRecord[] => {
  const random = seededRandom(options.seed)
  const meanCalls = callsPerSession.reduce<number>((sum, calls) => sum + calls, 0) / callsPerSession.length
  const sessionsPerMs = options.eventsPerSecond / 1000 / (2 * meanCalls + 2)
  // Sessions start before zero, so that the load is level from the first moment on; their earlier records fall away whole.
  const warmUpMs = Math.max(...callsPerSession) * 2 * thinkMs
  const sessions = Math.ceil(sessionsPerMs * (options.durationMs + warmUpMs))
  const records: DueRecord[] = []
  for (let index = 0; index < sessions; index += 1) {
    const startMs = random() * (options.durationMs + warmUpMs) - warmUpMs
    const session = makeSession(random, startMs, options)
    if (startMs >= 0) records.push(...session.filter(({ dueMs }) => dueMs <= options.durationMs))
    else
      records.push(
        ...session.filter(({ dueMs }) => dueMs >= 0 && dueMs <= options.durationMs).map(reopened(session)),
      )
  }
  return records.sort((a, b) => a.dueMs - b.dueMs)
}

// A session that started before the load did is opened with its first record that falls into it.
const reopened = (session: readonly DueRecord[]) => {
  const [opened] = session
  let first = true
  return (record: DueRecord): DueRecord => {
    if (!first || opened === undefined || record.record.name === 'SessionOpened') return record
    first = false
    return { ...opened, dueMs: record.dueMs }
  }
}

const makeSession = (random: Random, startMs: number, options: SessionLoadOptions): DueRecord[] => {
  const sessionId = `${Math.floor(random() * options.partitions)}.${uuid(random)}`
  const agent = Math.floor(random() * 20)
  const calls = pick(random, callsPerSession)
  const bad = random() < options.badShare && calls > 1
  const carried = fingerprint(random)
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
          bundleVersion: 1,
        }),
      },
    },
  ]
  for (let call = 0; call < calls; call += 1) {
    const acts = bad ? call === calls - 1 : random() < actingShare
    dueMs += thinkMs * (0.5 + random())
    records.push(...makeCall(random, { sessionId, dueMs, call, acts, carried: bad ? carried : undefined }))
  }
  records.push({
    dueMs: dueMs + thinkMs,
    sessionId,
    record: { name: 'SessionEnded', value: now => ({ sessionId, endedAt: now, reason: 'closed' }) },
  })
  return records
}

interface CallPlan {
  readonly sessionId: string
  readonly dueMs: number
  readonly call: number
  readonly acts: boolean
  /** What the session passes on from a result into a sensitive call, where it does. */
  readonly carried: number | undefined
}

const makeCall = (random: Random, { sessionId, dueMs, call, acts, carried }: CallPlan): DueRecord[] => {
  const tool = acts ? pick(random, actingTools) : pick(random, readingTools)
  const invocationId = uuid(random)
  const argument = acts && carried !== undefined ? carried : fingerprint(random)
  const results = Array.from({ length: Math.floor(random() * 8) }, () => fingerprint(random))
  if (!acts && carried !== undefined) results.push(carried)
  const digest = Buffer.alloc(32, call)
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
          resources: [{ kind: 'path', name: `folder-${argument % 20}` }],
          entities: [{ kind: 'identifier', fingerprint: argument, target: true }],
          entitiesOverflow: false,
          argumentsBytes: 90,
          argumentsShape: 1,
          argumentsDigest: digest,
          tokenId: 'bench',
          bundleVersion: 1,
        }),
      },
    },
    {
      dueMs: dueMs + 100,
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
        }),
      },
    },
  ]
}
