import assert from 'node:assert/strict'
import { test } from 'node:test'

import { StreamDriver } from '../driver/stream-driver.ts'
import { countingProcessor, numberRecord } from '../fixtures/counting-processor.ts'
import { plainCodec } from '../fixtures/plain-codec.ts'
import { openDriven, pipeAll } from '../fixtures/driven-run.ts'

test('owners share the partitions, and what one leaves the others have', async () => {
  const codec = plainCodec()
  const driver = await StreamDriver.open({ processor: countingProcessor(codec), codec, partitions: 4 })
  const pipe = (number: number): void => {
    for (const partition of [0, 1, 2, 3]) driver.pipe(numberRecord(codec, 'a', number, partition))
  }
  const counts = (): (number | undefined)[] =>
    [0, 1, 2, 3].map(partition => driver.state('a', partition)?.count)

  pipe(1)
  await driver.settle()
  driver.start()
  await driver.advance(100)
  assert.deepEqual(
    driver.owners.map(({ owned }) => owned.size),
    [2, 2],
  )
  pipe(2)
  await driver.settle()
  assert.deepEqual(counts(), [2, 2, 2, 2])
  driver.crash()
  pipe(3)
  await driver.advance(100)
  assert.equal(driver.owners[1]!.owned.size, 4)
  assert.deepEqual(counts(), [3, 3, 3, 3])
  await driver.close()
})

test('two owners never fence each other in turn', async () => {
  const driver = await openDriven()
  pipeAll(driver, [['a', 1]])
  await driver.settle()
  const first = driver.isolate()
  const second = driver.start()
  await driver.settle()
  first.wake()
  await driver.advance(60_000)
  // One claim per assignment: the first owner's, the second's, and one after the first has joined again.
  const claims = driver.log('scorer-state').filter(({ key }) => String(key) === '\0claim')
  assert.equal(claims.length, 3)
  const fences = [first, second].flatMap(({ facts }) => facts.filter(({ fact }) => fact === 'fenced'))
  assert.ok(fences.length <= 1)
  await driver.close()
})

test('a changelog that cannot be read stops its partition loudly, and no other', async () => {
  const codec = plainCodec()
  const processor = countingProcessor(codec)
  let isBroken = false
  const breaking: typeof processor = {
    ...processor,
    decodeState: value => {
      if (isBroken && value.includes('"count":2')) throw new TypeError('a state of another form')
      return processor.decodeState(value)
    },
  }
  const driver = await StreamDriver.open({ processor: breaking, codec, partitions: 2 })
  for (const partition of [0, 1]) driver.pipe(numberRecord(codec, 'a', 1, partition))
  driver.pipe(numberRecord(codec, 'a', 2))
  await driver.settle()
  driver.crash()

  isBroken = true
  driver.start()
  for (const partition of [0, 1]) driver.pipe(numberRecord(codec, 'b', 1, partition))
  driver.pipe(numberRecord(codec, 'a', 3))
  await driver.advance(20_000)
  const owner = driver.owners[1]!
  assert.equal(owner.ready, false)
  const failures = owner.facts.flatMap(({ fact, detail }) => (fact === 'failed' ? [detail.cause] : []))
  assert.ok(
    failures.length > 3 && failures.every(cause => 'code' in cause && cause.code === 'STATE_UNREADABLE'),
  )
  assert.equal(driver.state('b', 1)?.count, 1)
  await driver.close()
})
