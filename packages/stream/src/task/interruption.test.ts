import assert from 'node:assert/strict'
import { test } from 'node:test'

import { StreamDriver } from '../driver/stream-driver.ts'
import { countingProcessor, numberRecord, special } from '../fixtures/counting-processor.ts'
import type { Count } from '../fixtures/counting-processor.ts'
import { plainCodec, withSchema } from '../fixtures/plain-codec.ts'
import type { PlainCodec } from '../fixtures/plain-codec.ts'
import { PoisonRecord, TransientFault } from '../stream-error.ts'

const open = async (codec: PlainCodec, faults: TransientFault[] = []): Promise<StreamDriver<Count>> =>
  await StreamDriver.open({ processor: countingProcessor(codec, faults), codec, partitions: 2 })

const changes = (driver: StreamDriver<Count>): string[] =>
  driver.owners[0]!.facts.flatMap(({ fact, partition, detail }) =>
    fact === 'stateChanged' && partition === 0 ? [detail.to] : [],
  )

test('a schema that is missing is fetched, with the input held and in order', async () => {
  const codec = plainCodec()
  codec.missing.add(7)
  const driver = await open(codec)
  const { key, value } = numberRecord(codec, 'a', 1)
  driver.pipe({ key, value })
  driver.pipe({ key, value: withSchema(7, value) })
  driver.pipe({ key, value })
  await driver.settle()
  assert.equal(driver.state('a')?.count, 3)
  assert.deepEqual(changes(driver), ['restoring', 'running', 'paused', 'running'])
  await driver.close()
})

test('while the registry cannot be reached, one partition waits and the others go on', async () => {
  const codec = plainCodec()
  codec.missing.add(7)
  const out = new TransientFault('registry: expected an answer, got none')
  codec.prepareFaults.push(out, out, out)
  const driver = await open(codec)
  const { key, value } = numberRecord(codec, 'a', 1)
  driver.pipe({ key, value: withSchema(7, value) })
  driver.pipe({ key, value, partition: 1 })
  await driver.settle()
  assert.equal(driver.state('a', 1)?.count, 1)
  assert.equal(driver.owners[0]!.ready, false)
  assert.equal(driver.owners[0]!.owned.get(0)?.state, 'paused')

  // 50, 100 and 200 ms after the attempts that failed.
  await driver.advance(349)
  assert.equal(driver.state('a'), undefined)
  await driver.advance(1)
  assert.equal(driver.state('a')?.count, 1)
  assert.equal(driver.owners[0]!.ready, true)
  await driver.close()
})

test('a schema that nobody knows makes its record poison', async () => {
  const codec = plainCodec()
  codec.missing.add(7)
  codec.prepareFaults.push(new PoisonRecord('registry: expected schema 7, got none'))
  const driver = await open(codec)
  const { key, value } = numberRecord(codec, 'a', 1)
  driver.pipe({ key, value: withSchema(7, value) })
  driver.pipe({ key, value })
  await driver.settle()
  assert.equal(driver.outputs('dead-letters').length, 1)
  assert.equal(driver.state('a')?.count, 1)
  await driver.close()
})

test('a fault that passes leaves no trace of the attempts, whatever they changed in place', async () => {
  const codec = plainCodec()
  const fault = new TransientFault('baseline: expected to be held, got none yet')
  const driver = await open(codec, [fault, fault])
  for (const number of [1, special.meetsFault, 2]) driver.pipe(numberRecord(codec, 'a', number))
  await driver.settle()
  assert.equal(driver.state('a')?.count, 1)
  await driver.advance(1000)
  assert.equal(driver.state('a')?.count, 3)
  assert.deepEqual(changes(driver).slice(2), ['paused', 'running'])
  await driver.close()
})
