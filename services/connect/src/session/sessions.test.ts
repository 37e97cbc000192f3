import assert from 'node:assert/strict'
import { test } from 'node:test'

import { AgentClientError, type AgentSession } from '@cordon/agent-client'

import type { Human } from '../ports.ts'
import { createSessions } from './sessions.ts'

const openWorld = (
  options: { readonly refused?: readonly string[]; readonly human?: Partial<Human> } = {},
) => {
  const opened: string[] = []
  const ended: number[] = []
  const endings: (() => void)[] = []
  const tokens = ['token-1', 'token-2', 'token-3']
  const human: Human = {
    idToken: () => Promise.resolve(tokens[0]!),
    logIn: () => Promise.resolve(),
    forget: token => {
      if (tokens[0] === token) tokens.shift()
      return Promise.resolve()
    },
    notice: undefined,
    ...options.human,
  }
  const sessions = createSessions({
    human,
    patienceMs: 0,
    open: (idToken, onEnded) => {
      if (options.refused?.includes(idToken))
        return Promise.reject(
          new AgentClientError('SUBJECT_REFUSED', 'expected a token that is good, got another'),
        )
      const number = opened.push(idToken)
      endings.push(onEnded)
      const session = { sessionId: String(number), end: () => Promise.resolve(void ended.push(number)) }
      return Promise.resolve(session as unknown as AgentSession)
    },
  })
  return { sessions, opened, ended, endings }
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

test('an ID token that identity refuses is asked for anew, once', async () => {
  const { sessions, opened } = openWorld({ refused: ['token-1'] })
  await sessions.current()
  assert.deepEqual(opened, ['token-2'])
  const twice = openWorld({ refused: ['token-1', 'token-2'] })
  await assert.rejects(twice.sessions.current(), { code: 'SUBJECT_REFUSED' })
  assert.equal((await twice.sessions.current()).sessionId, '1')
})

test('a human who takes long is no silence: the client is told what to do', async () => {
  const human = {
    idToken: () => new Promise<string>(() => undefined),
    notice: 'Sign in: open this and enter that',
  }
  const { sessions } = openWorld({ human })
  await assert.rejects(sessions.current(), {
    code: 'LOG_IN_PENDING',
    message: 'Sign in: open this and enter that',
    retryable: true,
  })
})
