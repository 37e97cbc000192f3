import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import fc from 'fast-check'

import { special } from '../fixtures/counting-processor.ts'
import { openDriven, outcomeOf, pipeAll, plainOutcome } from '../fixtures/driven-run.ts'
import type { Input } from '../fixtures/driven-run.ts'
import type { StreamDriver } from '../driver/stream-driver.ts'
import type { Count } from '../fixtures/counting-processor.ts'
import { Fenced, StreamError } from '../stream-error.ts'
import { nextTaskState, taskTransitions } from './task-state.ts'
import type { TaskEvent, TaskState } from './task-state.ts'

const states = Object.keys(taskTransitions) as TaskState[]
const events = Object.keys(taskTransitions.claiming) as TaskEvent[]

describe('the table of a task’s states', () => {
  test('answers every event in every state', () => {
    for (const state of states) {
      for (const event of events) {
        const next = taskTransitions[state][event]
        if (next === 'impossible') assert.throws(() => nextTaskState(state, event), RangeError)
        else assert.equal(nextTaskState(state, event), next)
      }
    }
  })

  test('leads from everywhere to the end, and nowhere from there', () => {
    const endsIn = (state: TaskState): boolean =>
      nextTaskState(
        nextTaskState(state, 'told to stop'),
        state === 'stopped' ? 'told to stop' : 'drained',
      ) === 'stopped'
    for (const state of states) assert.ok(endsIn(state), state)
    assert.deepEqual(new Set(Object.values(taskTransitions.stopped)), new Set(['impossible', 'stopped']))
  })

  test('lets nobody work who was fenced, but by a new claim', () => {
    assert.deepEqual(
      events.filter(event => taskTransitions.fenced[event] !== 'impossible'),
      ['restarted', 'superseded', 'told to stop'],
    )
    assert.equal(nextTaskState('fenced', 'restarted'), 'claiming')
  })
})

// What a task goes through is what its owner says of it: each change must stand in the table.
const allowed = new Set(
  states.flatMap(from => events.map(event => taskTransitions[from][event]).map(to => `${from} → ${to}`)),
)

const requireAllowed = (driver: StreamDriver<Count>): void => {
  for (const { facts } of driver.owners) {
    for (const fact of facts) {
      if (fact.fact !== 'stateChanged') continue
      const { from, to } = fact.detail
      assert.ok(allowed.has(`${from} → ${to}`), `${from} → ${to}`)
    }
  }
}

interface Model {
  readonly inputs: Input[]
}

type Command = fc.AsyncCommand<Model, StreamDriver<Count>>

const command = (
  name: string,
  run: (model: Model, driver: StreamDriver<Count>) => Promise<void> | void,
): Command => ({
  check: () => true,
  run: async (model, driver) => {
    await run(model, driver)
    requireAllowed(driver)
  },
  toString: () => name,
})

const livingOwners = (driver: StreamDriver<Count>): number =>
  driver.owners.filter(({ isAwake }) => isAwake).length

const commands = [
  fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom(1, 2, 3, special.breaks, special.deletes)).map(input =>
    command(`pipe ${input.join(' ')}`, (model, driver) => {
      model.inputs.push(input)
      pipeAll(driver, [input])
    }),
  ),
  fc.integer({ min: 1, max: 12 }).map(steps =>
    command(`${steps} steps`, async (_model, driver) => {
      for (let step = 0; step < steps; step += 1) await driver.step()
    }),
  ),
  fc
    .constantFrom(50, 3000)
    .map(ms => command(`${ms} ms`, async (_model, driver) => await driver.advance(ms))),
  fc.constant(
    command('crash', (_model, driver) => {
      driver.crash()
      if (livingOwners(driver) === 0) driver.start()
    }),
  ),
  fc.constant(command('join', (_model, driver) => void driver.start())),
  fc.constant(
    command('stand still', (_model, driver) => {
      driver.isolate()
      if (livingOwners(driver) === 0) driver.start()
    }),
  ),
  fc.constant(
    command('wake', (_model, driver) => {
      for (const owner of driver.owners) owner.wake()
    }),
  ),
  fc.constantFrom('commit', 'emit', 'publish', 'claim').chain(operation =>
    fc
      .constantFrom(
        { kind: 'lost request' } as const,
        { kind: 'lost answer' } as const,
        { kind: 'rejected', error: new StreamError('REFUSED', 'refused') } as const,
        { kind: 'rejected', error: new Fenced('fenced') } as const,
      )
      .map(fault =>
        command(`${operation}: ${fault.kind}`, (_model, driver) => {
          driver.faults.plan({ operation }, fault)
        }),
      ),
  ),
]

test('whatever happens, and in whatever order, outputs and states are those of the input', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 40 }), async sequence => {
      const driver = await openDriven({ recordsPerFetch: () => 2 })
      const model: Model = { inputs: [] }
      await fc.asyncModelRun(() => ({ model, real: driver }), sequence)
      driver.faults.clear()
      for (const owner of driver.owners) owner.wake()
      await driver.advance(60_000)
      requireAllowed(driver)
      assert.deepEqual(outcomeOf(driver, model.inputs), await plainOutcome(model.inputs))
      await driver.close()
    }),
    { numRuns: 100 },
  )
})
