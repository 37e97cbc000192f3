import assert from 'node:assert/strict'
import { test } from 'node:test'

import { revokedLine, spellingWarning } from './revoked-line.ts'

test('whom a scope names is stopped with its sessions', () =>
  assert.equal(
    revokedLine('agent:a\u001B[2J', { openSessions: 2, notRenewed: 2 }),
    'agent:a\uFFFD[2J is stopped, and with it open sessions: 2.',
  ))

test('of a tool, sessions go on without it; which are not renewed is said', () => {
  const scope = 'tool:own/slow'
  const line = (openSessions: number, notRenewed: number) => revokedLine(scope, { openSessions, notRenewed })
  const goOn = 'they go on with everything else'
  assert.equal(line(1, 0), `${scope} is stopped; open sessions that may call it: 1, ${goOn}.`)
  assert.equal(
    line(3, 2),
    `${scope} is stopped; open sessions that may call it: 3, ${goOn}; not renewed, since their grant names it: 2.`,
  )
  assert.equal(line(0, 0), `${scope} is stopped; open sessions that may call it: 0.`)
})

test('a tool that only its whole server knows may be a slip of the pen', () => {
  const revoked = { openSessions: 0, notRenewed: 0 }
  assert.equal(
    spellingWarning('tool:own/nosuch', { ...revoked, knownThrough: 'own/*' }),
    'warning: tool:own/nosuch is known only through own/*: a tool that is spelt otherwise is not stopped',
  )
  assert.equal(spellingWarning('tool:own/slow', revoked), undefined)
})
