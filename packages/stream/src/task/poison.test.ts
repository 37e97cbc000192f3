import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { DeadLetter } from '@cordon/schemas'

import type { StreamDriver } from '../driver/stream-driver.ts'
import { special } from '../fixtures/counting-processor.ts'
import type { Count } from '../fixtures/counting-processor.ts'
import { openDriven, pipeAll } from '../fixtures/driven-run.ts'
import { plainCodec } from '../fixtures/plain-codec.ts'

const deadLetters = (driver: StreamDriver<Count>): DeadLetter[] =>
  driver.outputs('dead-letters').map(({ value }) => {
    const record = plainCodec().decode(value!)
    assert.ok(record.name === 'DeadLetter')
    return record.value
  })

test('what cannot be decoded goes to the dead letters, and counts against a key that is known', async () => {
  const driver = await openDriven()
  pipeAll(driver, [['a', 1]])
  const garbage = Buffer.from('garbage')
  driver.pipe({ key: 'a', value: garbage })
  driver.pipe({ key: 'nobody', value: garbage })
  pipeAll(driver, [['a', 2]])
  await driver.settle()

  const reason = 'POISON_RECORD: record: expected JSON, got 7 other bytes'
  const common = { topic: 'session-events', partition: 0, reason, value: garbage }
  assert.deepEqual(deadLetters(driver), [
    { ...common, offset: 1, key: Buffer.from('a') },
    { ...common, offset: 2, key: Buffer.from('nobody') },
  ])
  assert.deepEqual([driver.state('a')?.count, driver.state('a')?.poisons], [2, 1])
  assert.equal(driver.state('nobody'), undefined)
  const poisoned = driver.owners[0]!.facts.filter(({ fact }) => fact === 'poisoned')
  assert.equal(poisoned.length, 2)
  await driver.close()
})

test('what breaks processing is poison, leaves no trace in the state, and holds nobody up', async () => {
  const driver = await openDriven()
  pipeAll(driver, [
    ['a', 1],
    ['b', 1],
    ['a', special.breaks],
    ['b', special.breaks],
    ['a', 2],
  ])
  await driver.settle()
  assert.deepEqual(
    deadLetters(driver).map(({ offset, reason }) => [offset, reason]),
    [2, 3].map(offset => [offset, 'PROCESSING_FAILED: expected a result, got TypeError']),
  )
  assert.deepEqual([driver.state('a')?.count, driver.state('a')?.poisons], [2, 1])
  assert.deepEqual([driver.state('b')?.count, driver.state('b')?.poisons], [1, 1])
  await driver.close()
})

test('a result that is too large for a commit is poison', async () => {
  const driver = await openDriven()
  pipeAll(driver, [
    ['a', 1],
    ['a', special.tooMuch],
    ['a', 2],
  ])
  await driver.settle()
  const [letter] = deadLetters(driver)
  assert.match(
    letter!.reason,
    /^RECORD_TOO_LARGE: result of one record: expected at most 294912 bytes, got 7\d{5}$/,
  )
  assert.deepEqual([driver.state('a')?.count, driver.state('a')?.poisons], [2, 1])
  await driver.close()
})

test('a large record goes to the dead letters with its beginning', async () => {
  const driver = await openDriven()
  const bytes = 900_000
  driver.pipe({ key: 'a', value: Buffer.alloc(bytes, 'x') })
  await driver.settle()
  const [letter] = deadLetters(driver)
  assert.equal(letter?.value?.length, 131_072)
  assert.match(letter.reason, /the first 131072 bytes of 900000 are here/)
  await driver.close()
})

test('a state under one of the stream’s own keys is poison, whatever the input says', async () => {
  const driver = await openDriven()
  pipeAll(driver, [['\0position', 1]])
  await driver.settle()
  assert.equal(driver.log('dead-letters').length, 1)
  pipeAll(driver, [['a', 1]])
  await driver.settle()
  assert.equal(driver.state('a')?.count, 1)
  await driver.close()
})
