import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { test } from 'node:test'

import type { AssignmentEpoch } from '@cordon/stream'

import { eventually } from '../support/eventually.ts'
import { openTestStream } from '../support/test-stream.ts'

const one = [{ key: 'k', value: Buffer.from('new owner') }]

test('a paused owner that wakes up after its partition moved cannot write', async t => {
  const { client, settings } = await openTestStream(t, { topics: ['session-events', 'scorer-state'] })
  const program = new URL('paused-owner.process.ts', import.meta.url).pathname
  const owner = spawn(process.execPath, [program, settings.brokers.join(','), settings.topicPrefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => owner.kill('SIGKILL'))
  const exited = new Promise(resolve => owner.once('exit', resolve))
  const said: string[] = []
  createInterface(owner.stdout).on('line', line => said.push(line))
  await eventually('the owner to commit', async () => {
    return said.includes('claimed') && ((await client.admin.endOffsets('scorer-state')).get(0) ?? 0n) > 5n
  })

  owner.kill('SIGSTOP')
  const assigned = Promise.withResolvers<AssignmentEpoch>()
  await client.joinMembership({
    group: 'owners',
    topic: 'session-events',
    sessionTimeoutMs: 6000,
    onAssigned: (_partitions, epoch) => assigned.resolve(epoch),
    onRevoked: () => {},
  })
  const epoch = await assigned.promise
  const writer = await client.claimPartition({
    transactionalId: 'scorer-0',
    partition: 0,
    topics: ['scorer-state'],
    epoch,
    claim: () => Buffer.from('the new owner'),
  })
  const claimedAt = writer.claims.get('scorer-state')!
  await writer.commit(one)

  owner.kill('SIGCONT')
  await exited
  assert.deepEqual(said, ['claimed', 'commit fenced', 'claim fenced'])
  assert.equal(await writer.commit(one), claimedAt + 2n)
})
