import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Standing } from '@cordon/schemas'
import fc from 'fast-check'

import { minuteMs, provider } from '../bundle-fixture.ts'
import { type IdentityFixture, issuer, type newKey } from '../identity-fixture.ts'
import { fixturesOfFile } from '../session-fixture.ts'
import type { OpenedSession } from './exchange.ts'
import type { EndReason } from './end-reason.ts'
import type { RefusalCode } from './refusal.ts'
import type { Sessions } from './sessions.ts'

const { newSession } = fixturesOfFile()

/** What can happen to a session that is open. */
type LifeEvent = 'renew' | 'close' | 'log-out' | 'act' | 'restart' | 'suspend' | 'lose-log' | 'wait'

/** What a session is in a moment. */
type Life = 'open' | 'suspended' | 'ending' | 'ended'

/** Every state and every event: what it becomes. `ending` is an end that the log does not have yet. */
const table: Readonly<Record<Life, Readonly<Record<LifeEvent, (isLogUp: boolean) => Life>>>> = {
  open: {
    renew: () => 'open',
    close: isLogUp => (isLogUp ? 'ended' : 'ending'),
    'log-out': isLogUp => (isLogUp ? 'ended' : 'ending'),
    act: () => 'open',
    restart: () => 'open',
    suspend: () => 'suspended',
    'lose-log': () => 'open',
    wait: () => 'open',
  },
  suspended: {
    renew: () => 'suspended',
    close: isLogUp => (isLogUp ? 'ended' : 'ending'),
    'log-out': isLogUp => (isLogUp ? 'ended' : 'ending'),
    act: () => 'suspended',
    restart: () => 'suspended',
    suspend: () => 'suspended',
    'lose-log': () => 'suspended',
    wait: () => 'suspended',
  },
  ending: {
    renew: () => 'ending',
    close: isLogUp => (isLogUp ? 'ended' : 'ending'),
    'log-out': isLogUp => (isLogUp ? 'ended' : 'ending'),
    act: () => 'ending',
    restart: () => 'ending',
    suspend: () => 'ending',
    'lose-log': () => 'ending',
    // A sweep comes with it.
    wait: isLogUp => (isLogUp ? 'ended' : 'ending'),
  },
  ended: {
    renew: () => 'ended',
    close: () => 'ended',
    'log-out': () => 'ended',
    act: () => 'ended',
    restart: () => 'ended',
    suspend: () => 'ended',
    'lose-log': () => 'ended',
    wait: () => 'ended',
  },
}

const renewals: Readonly<Record<Life, RefusalCode | 'granted'>> = {
  open: 'granted',
  suspended: 'SESSION_SUSPENDED',
  ending: 'SESSION_ENDED',
  ended: 'SESSION_ENDED',
}

const endsIn = ({ scorer }: IdentityFixture): readonly EndReason[] =>
  scorer.records.flatMap(({ value }) => ('reason' in value ? [value.reason as EndReason] : []))

interface Run {
  readonly fixture: IdentityFixture
  readonly key: ReturnType<typeof newKey>
  readonly opened: OpenedSession
  sessions: Sessions
}

const happen = async (run: Run, event: LifeEvent): Promise<void> => {
  const { fixture, key, opened } = run
  const { scorer, clock } = fixture
  const { sessionId } = opened.session
  switch (event) {
    case 'renew':
      await run.sessions.renew(fixture.renewal(key, opened))
      break
    case 'close':
      await run.sessions.close({
        refreshToken: opened.refreshToken,
        proof: fixture.prove(key, { url: `${issuer}/revoke` }),
      })
      break
    case 'log-out':
      await run.sessions.logOut({
        provider,
        eventId: String(clock.now()),
        human: 'alice',
        humanSession: null,
        revokedAt: clock.now(),
      })
      break
    case 'act':
      run.sessions.acted(sessionId, clock.now())
      break
    case 'restart':
      run.sessions = fixture.restart()
      break
    case 'suspend':
      suspend(scorer.standings, sessionId)
      break
    case 'lose-log':
      scorer.accepts = !scorer.accepts
      break
    case 'wait':
      clock.advance(1000)
      await run.sessions.endDue()
      break
  }
}

const suspend = (
  standings: Map<OpenedSession['session']['sessionId'], Standing>,
  sessionId: OpenedSession['session']['sessionId'],
): void => {
  if (standings.get(sessionId) !== 'ended') standings.set(sessionId, 'suspended')
}

test('whatever happens in whatever order, a session is what the table says, and ends once', async () => {
  const events = Object.keys(table.open) as LifeEvent[]
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...events), { maxLength: 8 }), async happened => {
      const fixture = await newSession()
      const { key, opened } = fixture
      const run: Run = { fixture, key, opened, sessions: fixture.sessions }
      let life: Life = 'open'
      for (const event of happened) {
        await happen(run, event)
        life = table[life][event](fixture.scorer.accepts)
        const renewed = await run.sessions.renew(fixture.renewal(key, run.opened))
        assert.equal(renewed.ok ? 'granted' : renewed.refusal.code, renewals[life], `${event} → ${life}`)
        assert.equal(endsIn(fixture).length, life === 'ended' ? 1 : 0, `${event} → ${life}`)
      }
      assert.ok(fixture.clock.now() - run.opened.session.openedAt < minuteMs)
    }),
    { numRuns: 15 },
  )
})
