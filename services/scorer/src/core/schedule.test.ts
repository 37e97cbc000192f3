import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { encodeSession, glanceAtSession, type Session, type SessionGlance } from '@cordon/risk'

import { untaughtKernel } from '../fixtures/driven-scorer.ts'
import { ended, opened } from '../fixtures/session-events.ts'
import { Schedule } from './schedule.ts'
import type { SessionEntry } from './session-entry.ts'

const kernel = untaughtKernel()

const openAt = (id: string, at: number): SessionEntry => {
  const event = opened(id, at)
  assert.ok(event.name === 'SessionOpened')
  return { session: kernel.open(event.value, at), human: 'ada', signed: undefined }
}

const endAt = ({ session }: SessionEntry, at: number): void => {
  const event = ended('', at)
  assert.ok(event.name === 'SessionEnded')
  kernel.end(session, event.value, at)
}

test('knows who ended before a time, and who is under suspicion', () => {
  const schedule = new Schedule()
  const calm = openAt('calm', 0)
  const suspect = openAt('suspect', 0)
  // 4 nats: above `verify`.
  kernel.undecodable(suspect.session, 0)
  kernel.undecodable(suspect.session, 0)
  const over = openAt('over', 0)
  endAt(over, 1000)
  for (const [key, state] of Object.entries({ calm, suspect, over })) schedule.note({ key, state })
  assert.deepEqual(schedule.restless(), ['suspect'])
  assert.deepEqual(schedule.endedBefore(1000, 9), [])
  assert.deepEqual(schedule.endedBefore(1001, 9), ['over'])
  schedule.note({ key: 'over', state: null })
  assert.deepEqual(schedule.endedBefore(1001, 9), [])
})

test('leaves a suspended session alone: time does not reinstate it', () => {
  const suspended = openAt('one', 0)
  for (let poison = 0; poison < 6; poison += 1) kernel.undecodable(suspended.session, 0)
  assert.equal(suspended.session.standing, 'suspended')
  assert.deepEqual(Schedule.of([['one', suspended.session]]).restless(), [])
})

// As a restored partition has it: nothing but bytes.
const encodedGlance = (session: Session): SessionGlance => glanceAtSession(encodeSession(session))

test('answers the same whether it was kept up or built anew', () => {
  const aStep = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd'),
    what: fc.constantFrom('open', 'poison', 'end', 'forget'),
    at: fc.nat(10_000),
  })
  fc.assert(
    fc.property(fc.array(aStep, { maxLength: 40 }), fc.nat(10_000), (steps, time) => {
      const states = new Map<string, SessionEntry>()
      const kept = new Schedule()
      for (const { key, what, at } of steps) {
        // A session opens once.
        const entry = states.get(key) ?? (what === 'open' ? openAt(key, at) : undefined)
        if (entry === undefined) continue
        if (what === 'poison') kernel.undecodable(entry.session, at)
        if (what === 'end') endAt(entry, at)
        if (what === 'forget') states.delete(key)
        else states.set(key, entry)
        kept.note({ key, state: what === 'forget' ? null : entry })
      }
      const anew = Schedule.of([...states].map(([key, { session }]) => [key, encodedGlance(session)]))
      assert.deepEqual(kept.restless(), anew.restless())
      assert.deepEqual(kept.endedBefore(time, 2), anew.endedBefore(time, 2))
    }),
  )
})
