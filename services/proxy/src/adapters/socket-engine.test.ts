import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { createEngineServer } from '@cordon/engine-socket'
import { parseInvocationId } from '@cordon/foundation'

import type { CallOutcome } from '../ports.ts'
import { openSocketEngine } from './socket-engine.ts'
import type { SocketEngine } from './socket-engine.ts'

const question = {
  token: 't',
  proof: 'p',
  htm: 'POST',
  htu: 'https://proxy.example/mcp/files',
  server: 'files',
  tool: 'read_file',
  arguments: {},
  method: 'tools/list',
}
const outcome: CallOutcome = {
  invocationId: parseInvocationId('call-1'),
  outcome: 'ok',
  resultBytes: 0,
  resultDigest: '00'.repeat(32),
  entities: [],
  entitiesOverflow: false,
  wording: '',
}

/** An engine, connected, and what reached it in order. */
const open = async (context: TestContext): Promise<{ engine: SocketEngine; arrived: readonly string[] }> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  const socketPath = join(folder, 'engine.sock')
  const arrived: string[] = []
  const server = await createEngineServer({
    socketPath,
    onAuthorize({ tool }) {
      arrived.push(tool)
      return Promise.resolve({
        verdict: 'deny',
        refusal: { reason: 'TOOL_UNKNOWN', message: tool },
        nonce: 'n-1',
      })
    },
    onAdmit() {
      arrived.push('admit')
      return Promise.resolve({ admitted: true, nonce: 'n-2' })
    },
    onVouch() {
      arrived.push('vouch')
      return Promise.resolve({ vouched: true, nonce: '' })
    },
    onOutcome: ({ invocationId }) => void arrived.push(invocationId),
  })
  context.after(() => server.close())
  const engine = await new Promise<SocketEngine>(resolve => {
    const opened = openSocketEngine(
      socketPath,
      ({ type }) => {
        if (type === 'connected') resolve(opened)
      },
      () => undefined,
    )
  })
  context.after(() => engine.close())
  return { engine, arrived }
}

test('an outcome is read after this turn, and not in it', async context => {
  const { engine } = await open(context)
  const reads: string[] = []
  engine.reportOutcome(() => {
    reads.push('outcome')
    return outcome
  })
  process.nextTick(() => reads.push('answer'))
  await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(reads, ['answer', 'outcome'])
})

test('no question overtakes an outcome that was reported before it', async context => {
  const { engine, arrived } = await open(context)
  engine.reportOutcome(() => outcome)
  await engine.authorize(question)
  engine.reportOutcome(() => outcome)
  await engine.admit(question)
  engine.reportOutcome(() => outcome)
  await engine.vouch(question)
  assert.deepEqual(arrived, ['call-1', 'read_file', 'call-1', 'admit', 'call-1', 'vouch'])
})

test('the last nonce that the engine gave is remembered, for answers that it is not asked about', async context => {
  const { engine } = await open(context)
  assert.equal(engine.nonce, '')
  await engine.authorize(question)
  assert.equal(engine.nonce, 'n-1')
  await engine.admit(question)
  await engine.vouch(question)
  assert.equal(engine.nonce, 'n-2')
})
