import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import type { ProcessSpec, Supervisor } from '../process/service-process.ts'
import { kafkaArtefact } from './artefact.ts'
import { storedArtefact, type ArtefactContext } from './artefact-store.ts'

// SHA-256 of "abc": FIPS 180-4, example 1
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
const locked = { version: kafkaArtefact.version, files: { 'a.jar': { sha256: abc, bytes: 3 } } }

interface Machine {
  readonly context: ArtefactContext
  readonly told: readonly string[]
  readonly downloads: () => number
  readonly home: string
}

/** A machine whose Maven delivers one file with this text. */
const machineWith = async (t: TestContext, deliver: (call: number) => string): Promise<Machine> => {
  const cache = await mkdtemp(join(tmpdir(), 'cordon-unit-'))
  t.after(() => rm(cache, { recursive: true, force: true }))
  const told: string[] = []
  let calls = 0
  const run = async ({ command, args }: ProcessSpec): Promise<void> => {
    assert.equal(command, 'mvn')
    calls += 1
    const output = args.find(each => each.startsWith('-DoutputDirectory='))!.split('=')[1]!
    await mkdir(output, { recursive: true })
    await writeFile(join(output, 'a.jar'), deliver(calls))
  }
  const supervisor: Supervisor = {
    folder: cache,
    guardianPid: process.pid,
    failed: Promise.withResolvers<never>().promise,
    start: () => assert.fail('started a process'),
    run,
    removeAtEnd: () => undefined,
    makeTemporaryFolder: () => assert.fail('made a folder'),
    close: () => Promise.resolve(),
  }
  const context = { cache, supervisor, onProgress: ({ text }: { readonly text: string }) => told.push(text) }
  return { context, told, downloads: () => calls, home: join(cache, 'artefacts') }
}

test('downloads once, tells how far it is, and takes it from the cache afterwards', async t => {
  const { context, told, downloads, home } = await machineWith(t, () => 'abc')
  const first = await storedArtefact(kafkaArtefact, context, locked)
  assert.equal(await readFile(join(first.folder, 'a.jar'), 'utf8'), 'abc')
  assert.match(told[0]!, /^Apache Kafka 4\.3\.1: downloading, 0 of 0 MB/)
  assert.deepEqual(await storedArtefact(kafkaArtefact, context, locked), first)
  assert.equal(downloads(), 1)
  // Neither a lock nor a half of it stays.
  assert.deepEqual(await readdir(home), [first.folder.slice(home.length + 1)])
})

test('two that want it at once download it once', async t => {
  const { context, downloads } = await machineWith(t, () => 'abc')
  const both = [
    storedArtefact(kafkaArtefact, context, locked),
    storedArtefact(kafkaArtefact, context, locked),
  ]
  const [one, other] = await Promise.all(both)
  assert.deepEqual(one, other)
  assert.equal(downloads(), 1)
})

test('rejects a jar that Maven delivers changed, keeps nothing of it, and downloads again next time', async t => {
  const { context, downloads, home } = await machineWith(t, call => (call === 1 ? 'evil' : 'abc'))
  await assert.rejects(storedArtefact(kafkaArtefact, context, locked), { code: 'CHECKSUM_MISMATCH' })
  assert.deepEqual(await readdir(home), [])
  await storedArtefact(kafkaArtefact, context, locked)
  assert.equal(downloads(), 2)
})

test('rejects a jar that was changed in the cache, and downloads again next time', async t => {
  const { context, downloads } = await machineWith(t, () => 'abc')
  const { folder } = await storedArtefact(kafkaArtefact, context, locked)
  await writeFile(join(folder, 'a.jar'), 'evil')
  await assert.rejects(storedArtefact(kafkaArtefact, context, locked), { code: 'CHECKSUM_MISMATCH' })
  assert.ok(!existsSync(folder))
  await storedArtefact(kafkaArtefact, context, locked)
  assert.equal(downloads(), 2)
})
