import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openDriven, outcomeOf, pipeAll, plainOutcome } from '../fixtures/driven-run.ts'
import type { Input } from '../fixtures/driven-run.ts'
import { Fenced, StreamError, TransientFault } from '../stream-error.ts'

const odd = (count: number): Input[] => Array.from({ length: count }, () => ['a', 1])
const out = new TransientFault('publish: expected an acknowledgement, got none')

test('confirmed outputs leave the outbox with the next commit, and with a clean hand-over at once', async () => {
  const driver = await openDriven()
  pipeAll(driver, odd(2))
  await driver.settle()
  const left = (): number => {
    driver.compact('scorer-state')
    return driver.log('scorer-state').filter(({ key }) => String(key).startsWith('\0outbox/')).length
  }
  assert.equal(left(), 4)
  pipeAll(driver, [['a', 2]])
  await driver.settle()
  assert.equal(left(), 1)
  await driver.close()
  assert.equal(left(), 0)
})

test('outputs that cannot be published hold the input back, and nothing grows without bounds', async () => {
  const driver = await openDriven({ limits: { outboxEntries: 5, queueBytes: 2000, batchRecords: 2 } })
  driver.faults.plan({ operation: 'publish' }, { kind: 'rejected', error: out }, 20)
  const inputs = odd(200)
  pipeAll(driver, inputs)
  await driver.settle()
  const { position } = driver.owners[0]!.owned.get(0)!
  assert.ok(position! < 20n, `${position}`)
  assert.ok(driver.owners[0]!.facts.some(({ fact }) => fact === 'outputDelayed'))

  await driver.advance(120_000)
  assert.deepEqual(outcomeOf(driver, inputs), await plainOutcome(inputs))
  await driver.close()
})

test('outputs of delivery `once` are not tried again', async () => {
  const driver = await openDriven()
  driver.faults.plan({ operation: 'publish', topic: 'gate-verdicts' }, { kind: 'rejected', error: out })
  pipeAll(driver, [['a', 3]])
  await driver.advance(10_000)
  assert.deepEqual(driver.outputs('gate-verdicts'), [])
  assert.equal(driver.outputs('security-signals').length, 1)
  assert.ok(driver.owners[0]!.facts.some(({ fact }) => fact === 'outputLost'))
  await driver.close()
})

test('an output that no retry can publish is given up, and holds up none of its neighbours', async () => {
  const driver = await openDriven({ recordsPerFetch: () => 3 })
  const error = new StreamError('TOPIC_UNKNOWN', 'publish: expected a known partition, got another')
  // The three together, and then the second alone.
  driver.faults.plan({ operation: 'publish' }, { kind: 'rejected', error })
  pipeAll(driver, odd(3))
  for (let step = await driver.step(); step; step = await driver.step()) {
    if (driver.outputs('security-signals').length !== 1) continue
    driver.faults.plan({ operation: 'publish' }, { kind: 'rejected', error })
    break
  }
  await driver.settle()
  assert.deepEqual(
    driver.outputs('security-signals').map(({ value }) => String(value).split(' ')[0]),
    ['0', '2'],
  )
  await driver.close()
})

test('a commit whose outcome is unknown is sent again and takes effect once', async () => {
  const driver = await openDriven()
  driver.faults.plan({ operation: 'commit', topic: 'scorer-state' }, { kind: 'lost answer' }, 3)
  driver.faults.plan({ operation: 'emit' }, { kind: 'lost answer' }, 2)
  pipeAll(driver, [['a', 2]])
  await driver.settle()
  assert.equal(driver.log('scorer-state').filter(({ key }) => String(key) === '\0position').length, 1)
  assert.equal(driver.outputs('session-decisions').length, 1)
  await driver.close()
})

test('who is fenced while its membership is current claims anew and goes on', async () => {
  const driver = await openDriven()
  driver.faults.plan({ operation: 'commit' }, { kind: 'rejected', error: new Fenced('producer forgotten') })
  pipeAll(driver, odd(1))
  await driver.advance(1000)
  assert.deepEqual(outcomeOf(driver, odd(1)), await plainOutcome(odd(1)))
  assert.equal(driver.log('scorer-state').filter(({ key }) => String(key) === '\0claim').length, 2)
  await driver.close()
})
