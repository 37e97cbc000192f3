import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { callKeyLeadMs, planCallKeys } from '../../core/call-key-plan.ts'
import { type CallKeys, openCallKeys } from './call-keys.ts'
import type { Announced } from './key-announcer.ts'

const weekMs = 7 * 24 * 60 * 60_000

interface World {
  now: number
  /** What the issuer says; an error is no answer. */
  answer: Announced | Error
  /** Ids of keys, as announced. */
  readonly announced: string[][]
  readonly faults: unknown[]
  readonly file: string
  open(): Promise<CallKeys>
}

const openWorld = async (context: TestContext): Promise<World> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-call-keys-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  const world: World = {
    now: 1_800_000_000_000,
    answer: 'accepted',
    announced: [],
    faults: [],
    file: join(folder, 'spool', 'call-keys.json'),
    open: () =>
      openCallKeys({
        file: world.file,
        clock: { now: () => world.now },
        maxAgeMs: weekMs,
        announce: keys => {
          world.announced.push(keys.map(({ jwk }) => jwk.kid))
          return world.answer instanceof Error ? Promise.reject(world.answer) : Promise.resolve(world.answer)
        },
        rules: { planCallKeys, leadMs: callKeyLeadMs },
        onAnnounced: () => undefined,
        onFault: error => world.faults.push(error),
      }),
  }
  return world
}

const kidsOf = (keys: CallKeys): readonly string[] => keys.published().map(({ kid }) => kid)

test('the first key signs at once, for the engine’s user alone, and is the same after a restart', async t => {
  const world = await openWorld(t)
  const keys = await world.open()
  const { keyId } = keys.current(world.now)
  assert.equal((await stat(world.file)).mode & 0o777, 0o600)
  assert.equal((await world.open()).current(world.now).keyId, keyId)
})

test('the next key signs only after it could be known everywhere, also through restarts', async t => {
  const world = await openWorld(t)
  const first = await world.open()
  const former = first.current(world.now).keyId
  await first.refresh()
  world.now += weekMs - callKeyLeadMs
  await first.refresh()
  const [, next = ''] = kidsOf(first)
  assert.deepEqual(world.announced.at(-1), [former, next])
  world.now += callKeyLeadMs - 1
  assert.equal(first.current(world.now).keyId, former)
  const restarted = await world.open()
  assert.equal(restarted.current(world.now).keyId, former)
  world.now += 1
  assert.deepEqual([first.current(world.now).keyId, restarted.current(world.now).keyId], [next, next])
})

test('a key that no issuer took does not sign, however long that is, and is not made twice', async t => {
  const world = await openWorld(t)
  const keys = await world.open()
  const former = keys.current(world.now).keyId
  world.answer = new Error('away')
  world.now += weekMs
  for (let round = 0; round < 5; round += 1) {
    await keys.refresh()
    world.now += callKeyLeadMs
  }
  assert.deepEqual([keys.current(world.now).keyId, kidsOf(keys).length, world.faults.length], [former, 2, 5])
  assert.equal(keys.isAnswered, false)
  const restarted = await world.open()
  world.answer = 'refused'
  await restarted.refresh()
  world.now += callKeyLeadMs
  assert.equal(restarted.current(world.now).keyId, former)
  world.answer = 'accepted'
  await restarted.refresh()
  assert.equal(restarted.current(world.now + callKeyLeadMs - 1).keyId, former)
  assert.equal(restarted.current(world.now + callKeyLeadMs).keyId, kidsOf(keys)[1])
})

test('what is over is dropped from the disk, and announced no more', async t => {
  const world = await openWorld(t)
  const keys = await world.open()
  world.now += weekMs
  await keys.refresh()
  world.now += 2 * callKeyLeadMs
  await keys.refresh()
  const [left] = kidsOf(keys)
  assert.deepEqual([kidsOf(keys).length, world.announced.at(-1)], [1, [left]])
  assert.deepEqual(kidsOf(await world.open()), [left])
})

test('where nothing changes, it is announced every five minutes', async t => {
  const world = await openWorld(t)
  const keys = await world.open()
  for (let second = 0; second <= 600; second += 1) {
    await keys.refresh()
    world.now += 1_000
  }
  assert.equal(world.announced.length, 3)
})

test('a disk that takes no next key keeps nobody from being told of the keys that there are', async t => {
  const world = await openWorld(t)
  const keys = await world.open()
  const former = keys.current(world.now).keyId
  await keys.refresh()
  await rm(join(world.file, '..'), { recursive: true })
  world.now += weekMs
  await keys.refresh()
  assert.deepEqual([world.faults.length, world.announced.at(-1)], [1, [former]])
  assert.equal(world.announced.length, 2)
  assert.equal(keys.current(world.now).keyId, former)
})

/**
 * @input a file of call keys of an engine that others may read, or that an engine did not write
 * @behaviour the engine ends at its start: whoever reads it can speak to tool servers in any session's name
 * @counter none: it does not start
 */
test('rejects call keys that others may read, and text that is none', async t => {
  const world = await openWorld(t)
  await world.open()
  const text = await readFile(world.file, 'utf8')
  await chmod(world.file, 0o640)
  await assert.rejects(world.open(), { code: 'CALL_KEYS_EXPOSED' })
  await chmod(world.file, 0o600)
  for (const wrong of ['{"keys":[]}', '{"keys":[{"secret":"secret-looking"}]}', text.slice(5)]) {
    await writeFile(world.file, wrong)
    await assert.rejects(
      world.open(),
      (error: Error & { code?: string }) =>
        error.code === 'CALL_KEYS_INVALID' && !error.message.includes('secret-looking'),
    )
  }
})
