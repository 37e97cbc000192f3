import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { createLocalSerde } from '@cordon/serde'

import { denied, sessionId } from '../session-fixture.ts'
import { openSpooledSessionLog } from './spooled-session-log.ts'

test('a record that no log takes is neither spooled nor taken for one on its way, and lost once', async context => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-spool-'))
  context.after(async () => rm(folder, { recursive: true, force: true }))
  const published: number[] = []
  const lost: unknown[] = []
  const none = async (): Promise<never> => Promise.reject(new Error('expected nothing to be read'))
  const log = await openSpooledSessionLog({
    folder,
    maxBytes: 64 * 1024 * 1024,
    codec: createLocalSerde(),
    client: {
      admin: {
        ensureTopics: none,
        requireTopics: none,
        partitionCount: none,
        endOffsets: () => Promise.resolve(new Map()),
      },
      openFollower: none,
      openPublisher: () =>
        Promise.resolve({
          publish(records) {
            published.push(records.length)
            return Promise.resolve(records.map(() => 0n))
          },
          pending: 0,
          close: () => Promise.resolve(),
        }),
    },
    onRefused: () => assert.fail('expected room'),
    onLost: error => lost.push(error),
    onFault: fault => assert.fail(fault),
    onRecovered: () => assert.fail('expected an empty spool'),
    onKnown: () => assert.fail('expected an empty spool'),
  })
  for (const change of [{ proofSequence: Number.MAX_SAFE_INTEGER }, { tool: 'x'.repeat(512 * 1024) }]) {
    const unwritable = { ...denied, value: { ...denied.value, ...change } }
    assert.equal(log.append(sessionId, [denied, unwritable], 'soon'), 'unwritable')
  }
  assert.deepEqual([log.pendingRecords, lost.length], [0, 2])
  assert.equal(typeof log.append(sessionId, [denied], 'now'), 'object')
  await log.close()
  assert.deepEqual(published, [1])
})
