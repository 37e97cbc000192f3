import assert from 'node:assert/strict'
import { test } from 'node:test'

import { countingProcessor, numberRecord } from '../fixtures/counting-processor.ts'
import type { Count } from '../fixtures/counting-processor.ts'
import { plainCodec } from '../fixtures/plain-codec.ts'
import type { StatefulProcessor } from '../stateful-processor.ts'
import { ContractBroken } from './checked-processor.ts'
import { StreamDriver } from './stream-driver.ts'

const run = async (
  change: (processor: StatefulProcessor<Count>) => StatefulProcessor<Count>,
  isChecked = true,
): Promise<void> => {
  const codec = plainCodec()
  const processor = change(countingProcessor(codec))
  const driver = await StreamDriver.open({ processor, codec, tickIntervalMs: 0, isChecked })
  for (const number of [2, 4]) driver.pipe(numberRecord(codec, 'a', number))
  await driver.settle()
  await driver.close()
}

test('fails where a state was changed and is not among the changes', async () => {
  const forgetful = (processor: StatefulProcessor<Count>): StatefulProcessor<Count> => ({
    ...processor,
    process: (input, states) => {
      const { changes, outputs } = processor.process(input, states)
      return { changes: input.offset === 1n ? [] : changes, outputs }
    },
  })
  await assert.rejects(run(forgetful), ContractBroken)
})

test('fails where encoding a state loses something', async () => {
  const lossy = (processor: StatefulProcessor<Count>): StatefulProcessor<Count> => ({
    ...processor,
    decodeState: value => ({ ...processor.decodeState(value), digest: '' }),
  })
  await assert.rejects(run(lossy), ContractBroken)
})

test('lets a processor be that keeps its contract', async () => {
  await run(processor => processor)
})

test('checks nothing where the processor is taken on trust', async () => {
  const times = { encoded: 0, decoded: 0 }
  const counted = (processor: StatefulProcessor<Count>): StatefulProcessor<Count> => ({
    ...processor,
    encodeState: state => {
      times.encoded += 1
      return processor.encodeState(state)
    },
    decodeState: value => {
      times.decoded += 1
      return processor.decodeState(value)
    },
  })
  await run(counted, false)
  const trusted = { ...times }
  await run(counted)
  assert.ok(trusted.encoded <= 2 && times.encoded - trusted.encoded > 2, JSON.stringify([trusted, times]))
  assert.ok(trusted.decoded < times.decoded - trusted.decoded, JSON.stringify([trusted, times]))
})
