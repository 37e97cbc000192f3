import assert from 'node:assert/strict'
import { test } from 'node:test'

import { AgentClientError, type AgentSession } from '@cordon/agent-client'

import type { Human, LogIn } from '../ports.ts'
import { createSessions } from './sessions.ts'

const openWorld = (
  options: {
    readonly refused?: readonly string[]
    /** Identity's code of that, by ID token. */
    readonly codes?: Readonly<Record<string, string>>
    readonly human?: Partial<Human>
    /** What the first openings wait for. */
    readonly gates?: readonly (Promise<void> | undefined)[]
  } = {},
) => {
  const opened: string[] = []
  const ended: number[] = []
  const endings: (() => void)[] = []
  const waited: number[] = []
  const reasons: unknown[] = []
  const clock = { now: 1_000 }
  const tokens = ['token-1', 'token-2', 'token-3']
  const human: Human = {
    loggedIn: () => Promise.resolve({ idToken: tokens[0]!, expiresAt: 0 }),
    logIn: () => Promise.reject(new Error('nobody asked for a log-in')),
    forget: (token, reason) => {
      reasons.push(reason)
      if (tokens[0] === token) tokens.shift()
      return Promise.resolve()
    },
    notice: undefined,
    ...options.human,
  }
  const sessions = createSessions({
    human,
    patienceMs: options.gates === undefined ? 0 : 60_000,
    timing: {
      now: () => clock.now,
      wait: ms => {
        waited.push(ms)
        clock.now += ms
        return Promise.resolve()
      },
    },
    open: async ({ idToken }, onEnded) => {
      if (options.refused?.includes(idToken))
        throw new AgentClientError('SUBJECT_REFUSED', 'expected a token that is good, got another', {
          refusal: {
            error: 'invalid_grant',
            description: 'expected claims that hold, got others',
            ...(options.codes?.[idToken] !== undefined && { code: options.codes[idToken] }),
          },
        })
      const number = opened.push(idToken)
      endings.push(onEnded)
      await options.gates?.[number - 1]
      const session = { sessionId: String(number), end: () => Promise.resolve(void ended.push(number)) }
      return session as unknown as AgentSession
    },
  })
  return { sessions, opened, ended, endings, waited, reasons, clock }
}

test('one session for all who need it, another one when it ended', async () => {
  const { sessions, opened, endings, ended } = openWorld()
  const [first, same] = await Promise.all([sessions.current(), sessions.current()])
  assert.equal(first, same)
  endings[0]?.()
  const second = await sessions.current()
  assert.notEqual(second, first)
  // What is said of the first one does not end the second.
  sessions.discard(first)
  assert.equal(await sessions.current(), second)
  await sessions.end()
  assert.deepEqual([opened.length, ended], [2, [2]])
  await assert.rejects(sessions.current(), { code: 'HOLDER_UNAVAILABLE' })
})

test('sessions that end as soon as they are open are opened one in five seconds', async () => {
  const { sessions, opened, endings, waited, clock } = openWorld()
  await sessions.current()
  for (const number of [1, 2, 3]) {
    endings[number - 1]?.()
    const askedAtOnce = Array.from({ length: 10 }, () => sessions.current())
    assert.equal(new Set(await Promise.all(askedAtOnce)).size, 1)
  }
  assert.deepEqual([opened.length, waited], [4, [5_000, 5_000, 5_000]])
  clock.now += 60_000
  endings[3]?.()
  await sessions.current()
  assert.equal(waited.length, 3)
})

test('a process that ends opens no session any more, though it waited to', async () => {
  const { sessions, opened, endings } = openWorld()
  await sessions.current()
  endings[0]?.()
  const waiting = sessions.current()
  await sessions.end()
  await assert.rejects(waiting, { code: 'HOLDER_UNAVAILABLE' })
  assert.equal(opened.length, 1)
})

test('who only listens uses the session that is open, and opens none', async () => {
  const { sessions, opened, endings } = openWorld()
  assert.equal(sessions.opened(), undefined)
  const session = await sessions.current()
  assert.equal(await sessions.opened(), session)
  endings[0]?.()
  assert.equal(sessions.opened(), undefined)
  assert.equal(opened.length, 1)
})

test('an ID token that identity refuses is asked for anew, once, and the human is told why', async () => {
  const { sessions, opened, reasons } = openWorld({ refused: ['token-1'] })
  await sessions.current()
  assert.deepEqual([opened, reasons], [['token-2'], ['expected claims that hold, got others']])
  const twice = openWorld({ refused: ['token-1', 'token-2'] })
  await assert.rejects(twice.sessions.current(), { code: 'SUBJECT_REFUSED' })
  assert.equal((await twice.sessions.current()).sessionId, '1')
})

test('a log-in that means nothing at this address may be one of another stack: said with what to do', async () => {
  const { sessions, reasons } = openWorld({ refused: ['token-1'], codes: { 'token-1': 'SUBJECT_REFUSED' } })
  await sessions.current()
  assert.match(
    String(reasons[0]),
    /^expected claims that hold, got others; is another stack running at this address\? --profile /,
  )
})

test('who has no role is not asked to log in anew: the claims would be the same, and what helps is said', async () => {
  const codes = { 'token-1': 'ROLE_UNKNOWN', 'token-2': 'ROLE_UNKNOWN' }
  const { sessions, opened, reasons } = openWorld({ refused: ['token-1'], codes })
  const said = {
    code: 'SUBJECT_REFUSED',
    message: /; signing in again does not help; whoever runs Cordon gives a group .*--log-in/,
  }
  await assert.rejects(sessions.current(), said)
  // The log-in stays, so that the next request is told the same, without another address to sign in at.
  assert.deepEqual([opened, reasons], [[], []])
  // The same where another log-in was refused before it.
  const refused = { refused: ['token-1', 'token-2'], codes: { 'token-2': 'ROLE_UNKNOWN' } }
  await assert.rejects(openWorld(refused).sessions.current(), said)
})

test('a log-out drops the session that is open; one that opens meanwhile ends, and the next one asks anew', async () => {
  const gate = Promise.withResolvers<void>()
  const { sessions, opened, ended } = openWorld({ gates: [undefined, gate.promise] })
  assert.equal(sessions.logOut(), undefined)
  const first = await sessions.current()
  assert.equal(sessions.logOut(), first)
  assert.equal(sessions.opened(), undefined)
  const opening = sessions.current()
  await new Promise(setImmediate)
  assert.equal(sessions.logOut(), undefined)
  gate.resolve()
  await assert.rejects(opening, { code: 'LOGGED_OUT', retryable: true })
  assert.deepEqual(ended, [2])
  assert.equal((await sessions.current()).sessionId, '3')
  assert.equal(opened.length, 3)
})

test('a log-out while the log-in is read forgets that log-in: no session opens with it', async () => {
  const read = Promise.withResolvers<LogIn>()
  const logIns = [read.promise, Promise.resolve({ idToken: 'token-2', expiresAt: 0 })]
  const { sessions, opened } = openWorld({
    gates: [],
    human: { loggedIn: () => logIns.shift() ?? Promise.reject(new Error('nobody logs in a third time')) },
  })
  const opening = sessions.current()
  await new Promise(setImmediate)
  sessions.logOut()
  read.resolve({ idToken: 'token-1', expiresAt: 0 })
  await assert.rejects(opening, { code: 'LOGGED_OUT', retryable: true })
  assert.deepEqual(opened, [])
  await sessions.current()
  assert.deepEqual(opened, ['token-2'])
})

test('a log-out while a refused log-in is asked for anew opens nothing with what was asked before', async () => {
  const asked = Promise.withResolvers<LogIn>()
  const logIns = [Promise.resolve({ idToken: 'token-1', expiresAt: 0 }), asked.promise]
  const { sessions, opened } = openWorld({
    gates: [],
    refused: ['token-1'],
    human: { loggedIn: () => logIns.shift() ?? Promise.reject(new Error('nobody logs in a third time')) },
  })
  const opening = sessions.current()
  await new Promise(setImmediate)
  sessions.logOut()
  asked.resolve({ idToken: 'token-2', expiresAt: 0 })
  await assert.rejects(opening, { code: 'LOGGED_OUT' })
  assert.deepEqual(opened, [])
})

test('a human who takes long is no silence: the client is told what to do', async () => {
  const human = {
    loggedIn: () => new Promise<LogIn>(() => undefined),
    notice: 'Sign in: open this and enter that',
  }
  const { sessions } = openWorld({ human })
  await assert.rejects(sessions.current(), {
    code: 'LOG_IN_PENDING',
    message: 'Sign in: open this and enter that',
    retryable: true,
  })
})
