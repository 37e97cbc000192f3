import assert from 'node:assert/strict'
import { test } from 'node:test'

import { countingProcessor, numberRecord } from '../fixtures/counting-processor.ts'
import { plainCodec } from '../fixtures/plain-codec.ts'
import { StreamDriver } from './stream-driver.ts'

test('pipes records through the real task and lets outputs, states and time be seen', async () => {
  const codec = plainCodec()
  const driver = await StreamDriver.open({ processor: countingProcessor(codec), codec })
  for (const number of [1, 2, 3]) driver.pipe(numberRecord(codec, 'a', number))
  await driver.settle()
  assert.equal(driver.state('a')?.count, 3)
  assert.deepEqual(
    driver.outputs('session-decisions').map(({ key }) => String(key)),
    ['a', 'a', 'a'],
  )
  assert.equal(driver.outputs('security-signals').length, 2)
  assert.equal(driver.outputs('gate-verdicts').length, 1)
  await driver.advance(5000)
  const beats = driver.log('session-decisions').filter(({ key }) => String(key) === '\0beat')
  assert.equal(beats.length, 6)
  await driver.close()
})
