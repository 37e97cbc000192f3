import type { SessionEvent } from '@cordon/risk'
import type { Entity, Parameter, Resource } from '@cordon/schemas'
import { unboundOpening } from '@cordon/schemas'

import { randomFrom } from './random.ts'

/** What the sessions look like. */
export interface LogShape {
  readonly seed: number
  readonly sessions: number
  readonly agents: number
  readonly roles: number
}

/** One agent's tools, in the order in which its work goes through them. */
interface Habit {
  readonly agentId: string
  readonly role: string
  readonly tools: readonly Tool[]
}

interface Tool {
  readonly name: string
  readonly server: string
  readonly readOnly: boolean
  readonly sensitivity: number
  readonly mode: 'enforce' | 'gate'
}

const startsAt = Date.UTC(2026, 0, 1)
const noBytes = Buffer.alloc(32)
const parameterNames = ['path', 'query', 'to[]']
const twoTo52 = 2 ** 52

/**
 * Sessions with the proportions of recorded ones: 1 to 17 calls, half of them at most 3; four tools in five only read; a third of the calls
 * name a resource; at most one entity in most arguments, up to 64 and 3 to 4 on average in results; one session in fifty
 * passes something on that a result brought.
 */
export const makeSessionLogs = (shape: LogShape): readonly (readonly SessionEvent[])[] => {
  const random = randomFrom(shape.seed)
  const habits = Array.from({ length: shape.agents }, (_, agent) => makeHabit(agent, agent % shape.roles))
  return Array.from({ length: shape.sessions }, (_, session) =>
    makeLog(session, habits[Math.floor(random() * habits.length)]!, random),
  )
}

const makeHabit = (agent: number, role: number): Habit => ({
  agentId: `agent-${agent}`,
  role: `role-${role}`,
  tools: Array.from({ length: 12 }, (_, tool) => {
    const server = ['files', 'mail', 'ledger', 'search'][(role + tool) % 4]!
    return {
      name: `${server}/${['read', 'list', 'find', 'get', 'send'][tool % 5]!}_${['note', 'report', 'account', 'page'][(tool + role) % 4]!}`,
      server,
      readOnly: tool % 5 !== 4,
      sensitivity: tool % 5 === 4 ? 2 + (tool % 2) : tool % 2,
      mode: tool % 5 === 4 ? 'gate' : 'enforce',
    }
  }),
})

const makeLog = (session: number, { agentId, role, tools }: Habit, random: () => number): SessionEvent[] => {
  const sessionId = `0.${uuid(random)}`
  const calls = 1 + Math.floor(17 * random() ** 3)
  const hijacked = random() < 0.02
  let at = startsAt + session
  const log: SessionEvent[] = [
    {
      name: 'SessionOpened',
      at,
      value: {
        sessionId,
        openedAt: at,
        human: 'human',
        agentId,
        platform: 'bench',
        role,
        conversationId: null,
        intent: null,
        intentWording: Buffer.alloc(0),
        bundleVersion: 1,
        ...unboundOpening,
      },
    },
  ]
  let brought: readonly Entity[] = []
  for (let call = 0; call < calls; call += 1) {
    const skip = random() < 0.1 ? Math.floor(random() * tools.length) : 0
    const tool = tools[(call + skip) % tools.length]!
    const invocationId = uuid(random)
    at += Math.round(200 + 9800 * random())
    const passedOn =
      hijacked && !tool.readOnly && brought[0] !== undefined ? [{ ...brought[0], target: true }] : []
    const entities = [...passedOn, ...makeEntities(Math.floor(1.5 * random()), random, true)]
    log.push({
      name: 'InvocationAttempted',
      at,
      value: {
        sessionId,
        invocationId,
        sequence: call,
        attemptedAt: at,
        engineId: 'engine-1',
        server: tool.server,
        tool: tool.name,
        mode: tool.mode,
        readOnly: tool.readOnly,
        sensitivity: tool.sensitivity,
        resources: random() < 0.33 ? [makeResource(random)] : [],
        entities,
        entitiesOverflow: false,
        parameters: makeParameters(random),
        argumentsBytes: 120,
        argumentsShape: 7,
        argumentsDigest: noBytes,
        tokenId: 'token',
        bundleVersion: 1,
        proof: null,
        proofSequence: call,
        drift: 'none',
      },
    })
    at += Math.round(20 + 400 * random())
    brought = makeEntities(Math.floor(65 * random() ** 15), random, false)
    log.push({
      name: 'InvocationCompleted',
      at,
      value: {
        sessionId,
        invocationId,
        completedAt: at,
        tool: tool.name,
        outcome: random() < 0.05 ? 'error' : 'ok',
        resultBytes: 900,
        resultDigest: noBytes,
        entities: brought,
        entitiesOverflow: false,
        entitiesLost: false,
        wording: makeWording(random),
        repeats: 0,
        repeatedBytes: 0,
      },
    })
  }
  log.push({ name: 'SessionEnded', at, value: { sessionId, endedAt: at, reason: 'closed' } })
  return log
}

// Entities come back within and across sessions: a tenth of them is new.
const makeEntities = (count: number, random: () => number, target: boolean): Entity[] =>
  Array.from({ length: count }, () => ({
    kind: 'email',
    fingerprint:
      random() < 0.1
        ? Math.floor(random() * twoTo52)
        : Math.floor((Math.floor(random() * 400) / 400) * twoTo52),
    target,
  }))

// Some repeat what the agent always says, some are new every time.
const makeParameters = (random: () => number): Parameter[] =>
  parameterNames.slice(0, 1 + Math.floor(3 * random())).map(name => ({
    name,
    value: random() < 0.3 ? Math.floor(random() * twoTo52) : Math.floor(random() * 60) * 7919,
    wording: Array.from({ length: 2 + 3 * Math.floor(3 * random()) }, () => makePosition(random)),
  }))

// Every other result is data alone; the text of the rest has some twenty new words.
const makeWording = (random: () => number): Buffer =>
  random() < 0.5
    ? noBytes
    : Buffer.from(Uint16Array.from({ length: 60 }, () => makePosition(random)).sort().buffer)

const makePosition = (random: () => number): number => Math.floor(8192 * random())

const makeResource = (random: () => number): Resource =>
  random() < 0.5
    ? { kind: 'table', name: `table_${Math.floor(20 * random() ** 2)}` }
    : {
        kind: 'path',
        name: `/srv/data/folder-${Math.floor(8 * random())}/file-${Math.floor(30 * random() ** 2)}.txt`,
      }

const uuid = (random: () => number): string => {
  const hex = Array.from({ length: 4 }, () =>
    Math.floor(random() * 4294967296)
      .toString(16)
      .padStart(8, '0'),
  ).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}
