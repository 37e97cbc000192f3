import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'

import { seededRandom } from '@cordon/foundation'
import { parseBundle } from '@cordon/policy'
import { encodeBaselines, parseBaselines } from '@cordon/risk'
import { topicCatalogue } from '@cordon/schemas'
import { createLocalSerde } from '@cordon/serde'
import { createMemoryClient } from '@cordon/stream'
import { TraceError, type TraceSession } from '@cordon/traces'
import * as fc from 'fast-check'

import { bundleOf, inferredBundles } from './call-bundles.ts'
import { learnBaselines } from './learn.ts'
import { LeftOut } from './left-out.ts'
import { loadTraces } from './load-traces.ts'
import { openPlayedPorts } from './open-played-ports.ts'
import { streamTarget } from './play-target.ts'
import { judgedByNobody, playedPorts } from './played-ports.ts'
import { play } from './player.ts'
import { makeTimeline } from './timeline.ts'

// Whatever a recording says: each line is played as far as the records of the stream, or counted as left out.

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'))
})
after(() => rm(folder, { recursive: true }))

const topics = { partitions: 2, replicationFactor: 1, minInSyncReplicas: 1 }
const fingerprintKey = createSecretKey(Buffer.alloc(32, 1))
const codec = createLocalSerde()

/** Everything that a replay does before Kafka and the scorer. @returns records published */
const playThrough = async (traces: readonly TraceSession[]): Promise<number> => {
  const bundles = await inferredBundles(traces)
  for (const { calls } of traces)
    for (const call of calls) parseBundle(JSON.stringify(bundles.at(call)), 'inferred')
  const bundle = bundleOf({})
  parseBaselines(encodeBaselines(await learnBaselines(traces, { bundles, fingerprintKey })))
  const client = createMemoryClient()
  await client.admin.ensureTopics(Object.values(topicCatalogue), topics)
  const opened = await openPlayedPorts({ client, codec, bundle, fingerprintKey })
  const publisher = await client.openPublisher()
  try {
    const judged = { ...opened.ports, gateVerdicts: judgedByNobody }
    const target = streamTarget({
      ports: playedPorts(judged, () => undefined),
      publisher,
      codec,
      partitions: topics.partitions,
      pendingRecords: () => opened.pendingRecords,
    })
    const options = { ...topics, concurrent: 3, endMs: Date.now(), random: seededRandom(1) }
    await play(makeTimeline(traces, options), target, { bundles })
    await target.flush()
    while (opened.pendingRecords > 0) await setImmediate()
    const ends = await client.admin.endOffsets('session-events')
    return [...ends.values()].reduce((sum, end) => sum + Number(end), 0)
  } finally {
    await opened.close()
    await client.close()
  }
}

const oddNumber = fc.constantFrom(-1, 0, 0.5, -0, 1e15, 1e308, 2 ** 31, 2 ** 53 - 1, 604_800)
const oddText = fc.constantFrom(
  '',
  ' ',
  '*',
  'a/b/c',
  '/',
  'a/',
  '__proto__',
  'constructor',
  'toString',
  '\ud800',
  '\u0000',
  '\u001b[2J',
  'x'.repeat(2000),
  '-271821-04-20T00:00:00.000Z',
  '+275760-09-13T00:00:00.000Z',
  '2025-05-08T00:41:03.442',
)
/** In nine of ten places what belongs there, in the others anything. */
const mostly = (usual: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { arbitrary: usual, weight: 36 },
    { arbitrary: fc.jsonValue(), weight: 1 },
    { arbitrary: oddNumber, weight: 1 },
    { arbitrary: oddText, weight: 1 },
    { arbitrary: fc.constant(null), weight: 1 },
  )
const call = fc.record(
  {
    tool: mostly(fc.constantFrom('read_file', 'send_mail', 'mail/send', 'db/query')),
    args: mostly(fc.dictionary(fc.oneof(fc.string(), oddText), fc.oneof(fc.jsonValue(), oddText, oddNumber))),
    step: mostly(fc.nat(5)),
    result: mostly(fc.oneof(fc.string(), fc.json(), fc.emailAddress())),
    result_chars: mostly(fc.nat()),
    error: mostly(fc.boolean()),
    ts: fc.oneof({ arbitrary: fc.constant(undefined), weight: 4 }, oddText),
    ts_result: fc.oneof({ arbitrary: fc.constant(undefined), weight: 4 }, oddText),
  },
  { requiredKeys: ['tool'] },
)
const line = fc.oneof(
  {
    arbitrary: fc
      .record({
        sid: mostly(fc.string({ minLength: 1 })),
        suite: mostly(fc.constantFrom('desk', '__proto__', 'constructor')),
        calls: mostly(fc.array(call, { maxLength: 4 })),
      })
      .map(value => JSON.stringify(value)),
    weight: 8,
  },
  { arbitrary: fc.json(), weight: 1 },
  { arbitrary: fc.string().map(text => text.replaceAll('\n', '')), weight: 1 },
)

test('each line is played or counted, and nothing throws', async () => {
  const file = join(folder, 'any.jsonl')
  let played = 0
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), async lines => {
      await writeFile(file, lines.join('\n'))
      const leftOut = new LeftOut()
      const traces = await loadTraces([file], problem => leftOut.add(problem)).catch((error: unknown) => {
        assert.ok(error instanceof TraceError, String(error))
        return []
      })
      assert.equal(traces.length + leftOut.lines, lines.filter(text => text.trim() !== '').length)
      const records = await playThrough(traces)
      assert.ok(records >= 2 * traces.length)
      played += traces.length
    }),
    { numRuns: 60 },
  )
  assert.ok(played > 60, `${played} played`)
})

test('depth and size of arguments and results end nothing', async () => {
  const deep = (levels: number): string => `${'{"a":['.repeat(levels)}1${']}'.repeat(levels)}`
  const file = join(folder, 'deep.jsonl')
  const session = (calls: string): string => `{"sid":"s","suite":"desk","calls":${calls}}`
  const lines = [
    session(`[{"tool":"send_mail","args":${deep(3000)}}]`),
    session(`[{"tool":"send_mail","args":${deep(240)}}]`),
    session(`[{"tool":"send_mail","args":{"__proto__":{"x":1},"text":"${'a@b.example '.repeat(20_000)}"}}]`),
    session(`[{"tool":"read_file","result":${JSON.stringify(deep(20_000))}}]`),
    session(JSON.stringify(Array.from({ length: 300 }, () => ({ tool: 'read_file', step: 7 })))),
    session(JSON.stringify(Array.from({ length: 100_001 }, () => ({ tool: 'read_file' })))),
  ]
  await writeFile(file, lines.join('\n'))
  const leftOut = new LeftOut()
  const traces = await loadTraces([file], problem => leftOut.add(problem))
  assert.deepEqual([traces.length, leftOut.lines], [5, 1])
  assert.ok((await playThrough(traces.filter(({ calls }) => calls.length < 1000))) > 600)
})
