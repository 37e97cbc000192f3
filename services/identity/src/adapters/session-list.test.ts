import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { HeldSession } from '../core/held-session.ts'
import { sessionEntry } from '../core/session-entry.ts'
import { createSessionList } from './session-list.ts'

const session = {
  sessionId: '0.0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b',
  human: 'alice',
  agentId: 'agent-7',
  platform: 'desk',
  ancestors: [],
  agent: null,
  grantId: null,
  openedAt: 0,
  endsAt: 0,
} as unknown as HeldSession

test('a list of more than a thousand goes on where the answer before it ended', async () => {
  const places = Array.from({ length: 1001 }, (_, index) => 2 * index)
  const list = createSessionList({
    store: {
      openAfter: (after, count) => {
        const found = places.filter(place => place > after).slice(0, count)
        return Promise.resolve(found.map(statusIndex => ({ session, statusIndex, activeAt: 0 })))
      },
    },
    decisions: { standing: () => undefined },
    revocations: { active: () => new Set() },
    rules: { sessionEntry },
  })
  const ask = async (query: string) =>
    (await list(new URLSearchParams(query))).body as {
      readonly sessions: readonly { readonly standing: string }[]
      readonly next?: number
    }
  const first = await ask('')
  assert.deepEqual([first.sessions.length, first.next], [1000, 1998])
  // Nothing is known of how it stands: said, not guessed.
  assert.equal(first.sessions[0]?.standing, 'unknown')
  const rest = await ask(`after=${first.next}`)
  assert.deepEqual([rest.sessions.length, rest.next], [1, undefined])
  for (const query of ['after=x', 'after=-2', 'after=1e3', 'after='])
    assert.equal((await list(new URLSearchParams(query))).fault, 'QUERY_INVALID', query)
})
