import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { StreamDriver } from '../driver/stream-driver.ts'
import { StreamDriver as Driver } from '../driver/stream-driver.ts'
import { countingProcessor, numberRecord } from '../fixtures/counting-processor.ts'
import type { Count } from '../fixtures/counting-processor.ts'
import { plainCodec, withSchema } from '../fixtures/plain-codec.ts'
import { TransientFault } from '../stream-error.ts'

const keysOf = (driver: StreamDriver<Count>, topic: 'session-events' | 'session-decisions'): string[] =>
  driver.log(topic).map(({ key }) => String(key))

const count = (keys: readonly string[], key: string): number => keys.filter(other => other === key).length

test('time is written to the input once a second, and a beat follows when it is committed', async () => {
  const codec = plainCodec()
  const driver = await Driver.open({ processor: countingProcessor(codec), codec })
  await driver.advance(10_000)
  assert.equal(count(keysOf(driver, 'session-events'), '\0tick'), 11)
  assert.equal(count(keysOf(driver, 'session-decisions'), '\0beat'), 11)
  const record = codec.decode(driver.log('session-decisions').at(-1)!.value!)
  assert.ok(record.name === 'Beat')
  const { partition, position, beatAt } = record.value
  assert.deepEqual([partition, position, beatAt], [0, 11, driver.now])
  await driver.close()
})

test('a beat stands behind the decisions that it vouches for', async () => {
  const codec = plainCodec()
  const driver = await Driver.open({ processor: countingProcessor(codec), codec })
  driver.pipe(numberRecord(codec, 'a', 2))
  driver.faults.plan({ operation: 'emit' }, { kind: 'lost request' }, 5)
  await driver.advance(1000)
  assert.deepEqual(keysOf(driver, 'session-decisions'), ['\0claim', '\0beat', 'a', '\0beat'])
  await driver.close()
})

test('a task that falls behind does not beat, though its process lives', async () => {
  const codec = plainCodec()
  codec.missing.add(7)
  const driver = await Driver.open({ processor: countingProcessor(codec), codec })
  const out = new TransientFault('registry: expected an answer, got none')
  codec.prepareFaults.push(...Array.from({ length: 6 }, () => out))
  const { key, value } = numberRecord(codec, 'a', 2)
  driver.pipe({ key, value: withSchema(7, value) })
  // 50 + 100 + 200 + 400 + 800 + 1600 ms of back-off.
  await driver.advance(3000)
  assert.equal(count(keysOf(driver, 'session-decisions'), '\0beat'), 1)
  assert.equal(driver.owners[0]!.owned.get(0)?.lag, 4)
  await driver.advance(1000)
  assert.equal(count(keysOf(driver, 'session-decisions'), '\0beat'), 3)
  assert.equal(driver.owners[0]!.owned.get(0)?.lag, 0)
  await driver.close()
})

test('without ticks of its own it beats by itself', async () => {
  const codec = plainCodec()
  const driver = await Driver.open({ processor: countingProcessor(codec), codec, tickIntervalMs: 0 })
  await driver.advance(3000)
  assert.deepEqual(keysOf(driver, 'session-events'), [])
  assert.equal(count(keysOf(driver, 'session-decisions'), '\0beat'), 4)
  await driver.close()
})
