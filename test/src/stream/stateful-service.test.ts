import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { eventually } from '../support/eventually.ts'
import { openTestStream } from '../support/test-stream.ts'
import { isCaughtUp, requireCountedOnce } from './counted-log.ts'
import { runningIn, startCountingService } from './counting-service.ts'
import { startNumberLoad } from './number-load.ts'

const topics = [
  'session-events',
  'scorer-state',
  'session-decisions',
  'security-signals',
  'gate-verdicts',
  'dead-letters',
] as const
const takeOverMs = 20_000

test('kill -9 of one of two services under load: nothing lost, nothing twice', async t => {
  const partitions = 4
  const { client, settings } = await openTestStream(t, { topics, partitions })
  const services = [startCountingService(t, settings), startCountingService(t, settings)] as const
  await eventually('two services', () => services.every(service => runningIn(service) === 2), takeOverMs)
  const load = await startNumberLoad(client, partitions)
  await sleep(1500)

  const [victim, survivor] = services
  victim.kill('SIGKILL')
  await eventually('the survivor to own all', () => runningIn(survivor) === partitions, takeOverMs)
  await sleep(500)
  await load.stop()
  await eventually('the end of the input', async () => await isCaughtUp(client, partitions), takeOverMs)
  await requireCountedOnce(client, partitions)
})

/**
 * @fault a scorer stands still, and wakes up after its partitions have moved to another
 * @behaviour the broker refuses whatever it still writes; it counts nothing twice
 * @counter none: the broker refuses
 */
test('a service that stood still while its partition moved writes nothing when it wakes up', async t => {
  const { client, settings } = await openTestStream(t, { topics })
  const paused = startCountingService(t, settings)
  await eventually('the first service', () => runningIn(paused) === 1, takeOverMs)
  const load = await startNumberLoad(client, 1)
  await sleep(1000)

  paused.kill('SIGSTOP')
  const other = startCountingService(t, settings)
  await eventually('the second service', () => runningIn(other) === 1, takeOverMs)
  paused.kill('SIGCONT')
  await eventually(
    'it to know',
    () => paused.said.some(line => / → (fenced|stopping)$/.test(line)),
    takeOverMs,
  )
  await eventually('one owner', () => runningIn(paused) + runningIn(other) === 1, takeOverMs)
  await sleep(500)
  await load.stop()
  await eventually('the end of the input', async () => await isCaughtUp(client, 1), takeOverMs)
  await requireCountedOnce(client, 1)
})
