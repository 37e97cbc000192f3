import assert from 'node:assert/strict'
import { readdirSync, readlinkSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import type { SpoolRecord } from './frame.ts'
import { SegmentWriter } from './segment-writer.ts'
import { Spool } from './spool.ts'

const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 1))

const segmentBytes = 1024
/** Four of a segment's 1,024 bytes are what is left by its header and three of these. */
const record = (name: string): SpoolRecord => ({
  partition: 1,
  key: 'session',
  value: Buffer.from(name.padEnd(300, '.')),
})
const nameOf = ({ value }: SpoolRecord): string => value.toString().replaceAll('.', '')

const openWorld = async (context: TestContext, segments = 4) => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-spool-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  const faults: string[] = []
  return {
    folder,
    faults,
    open: (firstNumber = 0) =>
      Spool.open({
        folder,
        maxBytes: segments * segmentBytes,
        segmentBytes,
        firstNumber,
        onFault: fault => faults.push(fault),
      }),
  }
}

const everything = async (spool: Spool): Promise<string[]> => {
  const names: string[] = []
  for (let number = spool.first; number < spool.next;) {
    const kept = await spool.read(number)
    names.push(...kept.records.map(nameOf))
    number = kept.next
  }
  return names
}

test('what was appended is there after a crash, in order and over several segments', async context => {
  const { open, faults } = await openWorld(context)
  const spool = await open()
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  assert.deepEqual(
    names.map(name => spool.append([record(name)])),
    [0, 1, 2, 3, 4, 5, 6],
  )
  // No close: the process is gone.
  const next = await open()
  assert.deepEqual([next.records, next.begin], [7, 7])
  assert.deepEqual(await everything(next), names)
  assert.equal(next.append([record('h')]), 7)
  assert.deepEqual(await everything(next), [...names, 'h'])
  assert.deepEqual(faults, [])
})

test('what is released goes with its segment, and numbers go on', async context => {
  const { open, folder } = await openWorld(context)
  const spool = await open()
  for (const name of ['a', 'b', 'c', 'd']) spool.append([record(name)])
  for (const number of [1, 0, 2]) spool.release(number)
  assert.deepEqual([spool.first, spool.records], [3, 1])
  spool.release(3)
  await spool.close()
  assert.deepEqual(await readdir(folder), [])
  assert.equal((await open(4)).append([record('e')]), 4)
})

test('a full spool takes nothing, and more as soon as a segment is released', async context => {
  const { open } = await openWorld(context, 2)
  const spool = await open()
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) assert.notEqual(spool.append([record(name)]), undefined)
  assert.equal(spool.append([record('g')]), undefined)
  assert.ok(spool.bytes <= 2 * segmentBytes)
  for (const number of [0, 1, 2]) spool.release(number)
  assert.equal(spool.append([record('g')]), 6)
})

test('several records are there together or not at all', async context => {
  const { open } = await openWorld(context, 1)
  const spool = await open()
  spool.append([record('a'), record('b')])
  assert.equal(spool.append([record('c'), record('d')]), undefined)
  assert.deepEqual(await everything(spool), ['a', 'b'])
})

test('a last record that was cut short, which nobody was answered for, is left out', async context => {
  const { open, folder, faults } = await openWorld(context)
  const spool = await open()
  spool.append([record('a')])
  spool.append([record('b')])
  const [name] = (await readdir(folder)).sort()
  const path = join(folder, name!)
  const bytes = await readFile(path)
  bytes.fill(0, 16 + 321 + 200)
  await writeFile(path, bytes)
  assert.deepEqual(await everything(await open()), ['a'])
  assert.deepEqual(faults, ['torn'])
})

test('of a damaged segment what is whole is used, and a copy is set aside', async context => {
  const { open, folder, faults } = await openWorld(context)
  const spool = await open()
  for (const name of ['a', 'b', 'c', 'd']) spool.append([record(name)])
  const [name] = (await readdir(folder)).sort()
  const bytes = await readFile(join(folder, name!))
  bytes[16 + 321 + 50]! ^= 1
  await writeFile(join(folder, name!), bytes)
  const next = await open()
  assert.deepEqual(await everything(next), ['a', 'd'])
  assert.deepEqual(faults, ['corrupt'])
  assert.deepEqual(await readFile(join(folder, `${name}.corrupt`)), bytes)
})

test('a disk that does not write is a fault, and the record is on record nowhere', async context => {
  const { open, folder, faults } = await openWorld(context)
  const spool = await open()
  for (const name of ['a', 'b', 'c']) spool.append([record(name)])
  await rm(folder, { recursive: true })
  // The next segment cannot be made.
  assert.equal(spool.append([record('d')]), undefined)
  assert.deepEqual(faults, ['write_failed'])
})

test('what reached the disk is told to all who waited', async context => {
  const { open } = await openWorld(context)
  const spool = await open()
  const numbers = ['a', 'b', 'c', 'd'].map(name => spool.append([record(name)])!)
  assert.deepEqual(await Promise.all(numbers.map(number => spool.reachDisk(number))), [
    true,
    true,
    true,
    true,
  ])
})

test('a segment that could not be prepared does not keep the next ones from it', async context => {
  const { open, folder, faults } = await openWorld(context)
  const spool = await open()
  const pathOf = (file: number): string => join(folder, `${file}.spool`.padStart(16, '0'))
  const sizeOf = (file: number): Promise<number> =>
    stat(pathOf(file)).then(
      ({ size }) => size,
      () => -1,
    )
  await writeFile(pathOf(2), 'in the way')
  for (const name of ['a', 'b', 'c']) spool.append([record(name)])
  // What was begun of it is taken away.
  while ((await sizeOf(2)) !== -1) await settled()
  spool.append([record('d')])
  while ((await sizeOf(4)) !== segmentBytes) await settled()
  assert.deepEqual(await everything(spool), ['a', 'b', 'c', 'd'])
  assert.deepEqual(faults, [])
})

test('a segment that could not be begun leaves no file, and none open', async context => {
  const { folder } = await openWorld(context)
  // No header has that number.
  for (let call = 0; call < 10; call += 1)
    assert.throws(() => SegmentWriter.make(join(folder, 'segment'), -1, segmentBytes), RangeError)
  assert.deepEqual(await readdir(folder), [])
  const open = readdirSync('/proc/self/fd').map(file => fileOf(`/proc/self/fd/${file}`))
  assert.deepEqual(
    open.filter(path => path.startsWith(folder)),
    [],
  )
})

/** What an open file is; the one that the list itself was read from is gone. */
const fileOf = (path: string): string => {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
