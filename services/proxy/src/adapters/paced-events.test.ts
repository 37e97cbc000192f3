import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import { createPacedEvents } from './paced-events.ts'
import type { PacedEvents } from './paced-events.ts'
import { createTurnBudgets } from './turn-budget.ts'

interface Rig {
  readonly events: PacedEvents<number>
  readonly handled: readonly number[]
  readonly isReading: () => boolean
}

const budgetOf = createTurnBudgets()

const rig = (server: object): Rig => {
  const handled: number[] = []
  let isReading = true
  const source = { pause: () => void (isReading = false), resume: () => void (isReading = true) }
  const events = createPacedEvents<number>(budgetOf(server), source, event => void handled.push(event))
  return { events, handled, isReading: () => isReading }
}

const numbers = Array.from({ length: 600 }, (_, index) => index)

/**
 * @fault a tool server floods the proxy with small events
 * @behaviour 256 of a server are handled in a turn, and nothing more of it is read meanwhile: calls to others go on
 * @counter none: nothing is refused or lost
 */
test('a server that floods has 256 events handled in a turn, in their order, and is not read meanwhile', async () => {
  const server = {}
  const { events, handled, isReading } = rig(server)
  for (const number of numbers) events.push(number)
  assert.equal(handled.length, 256)
  assert.equal(isReading(), false)
  // The same server's other connection has no turn of its own.
  const other = rig(server)
  other.events.push(1)
  assert.deepEqual(other.handled, [])
  const beside = rig({})
  beside.events.push(1)
  assert.deepEqual(beside.handled, [1])
  for (let turns = 0; turns < 4; turns += 1) await turn()
  assert.deepEqual(handled, numbers)
  assert.deepEqual(other.handled, [1])
  assert.equal(isReading(), true)
})

test('what waits for an agent that does not read stays waiting, until the stream has ended', async () => {
  const { events, handled } = rig({})
  events.pause()
  events.push(1)
  await turn()
  assert.deepEqual(handled, [])
  events.resume()
  assert.deepEqual(handled, [1])
  events.pause()
  events.push(2)
  events.flush()
  assert.deepEqual(handled, [1, 2])
})

test('an event that ends the stream has what waits after it handed on once', async () => {
  const handled: number[] = []
  const source = { pause: () => undefined, resume: () => undefined }
  const events: PacedEvents<number> = createPacedEvents<number>(budgetOf({}), source, event => {
    handled.push(event)
    if (event === 300) events.flush()
  })
  for (const number of numbers) events.push(number)
  await turn()
  await turn()
  assert.deepEqual(handled, numbers)
})
