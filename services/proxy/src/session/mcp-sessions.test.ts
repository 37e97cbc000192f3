import assert from 'node:assert/strict'
import { test } from 'node:test'

import { makeSessionId } from '@cordon/foundation'

import { openEndpointWorld } from '../endpoint/endpoint-fixture.ts'
import { createMcpSessions } from './mcp-sessions.ts'
import { openMcpSession } from './session-opener.ts'

const tokenOf = (human: string): string =>
  ['e30', Buffer.from(JSON.stringify({ sub: human })).toString('base64url'), ''].join('.')

const openWorld = () => {
  const { parts, timers } = openEndpointWorld()
  const sessions = createMcpSessions({ maxSessions: 8, maxSessionsPerOwner: 2, maxSessionsPerHuman: 3 })
  const open = (human: string, number: number): boolean => {
    timers.pass(1)
    const owner = makeSessionId(1, `0190a0b0-0000-7000-8000-00000000000${number}`)
    const opened = openMcpSession(
      { ...parts, sessions },
      { server: 'bank', owner, token: tokenOf(human), spoken: 'sessionful' },
    )
    opened?.markUsed(timers.now())
    return opened !== undefined
  }
  const humans = (): string[] => sessions.all().map(({ human }) => human)
  return { open, humans }
}

test('whoever opens one session of Cordon after the other takes places from itself alone', () => {
  const { open, humans } = openWorld()
  assert.ok(open('bob', 0))
  for (let number = 1; number < 8; number += 1) assert.ok(open('mallory', number))
  assert.deepEqual(humans(), ['bob', 'mallory', 'mallory', 'mallory'])
  assert.ok(open('alice', 9))
})
