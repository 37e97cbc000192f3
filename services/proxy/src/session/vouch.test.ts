import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { VouchRequest } from '@cordon/engine-socket'
import { parseInvocationId } from '@cordon/foundation'

import type { ToolDefinitions } from '../core/tool-definitions.ts'
import { alice } from '../endpoint/endpoint-fixture.ts'
import { createRepeat, createVouch } from './vouch.ts'

const open = () => {
  const asked: Omit<VouchRequest, 'type' | 'request'>[] = []
  const engine = {
    vouch: (request: Omit<VouchRequest, 'type' | 'request'>) => {
      asked.push(request)
      return Promise.resolve({ vouched: true, nonce: 'n', downstreamToken: 'own' })
    },
  }
  const connection = () => ({ token: 't', server: 'files', owner: alice })
  const definitions: Pick<ToolDefinitions, 'find'> = {
    find: (...asked) =>
      asked.join(' ') === `${alice} files read` ? { digest: 'd', isChanged: true } : undefined,
  }
  const repeat = createRepeat(engine, connection, definitions)
  return { asked, vouch: createVouch(engine, connection), repeat }
}

test('asks with all that is said, within the session of its connection', async () => {
  const { asked, vouch } = open()
  const message = { method: 'resources/subscribe', content: { uri: 'a:b' }, saidAs: { listening: {} } }
  assert.equal(await vouch(message), 'own')
  assert.equal(await vouch({ method: 'GET' }), 'own')
  assert.deepEqual(asked, [
    { token: 't', server: 'files', ...message },
    { token: 't', server: 'files', method: 'GET' },
  ])
})

/**
 * @input answers between the generations of MCP that are larger together than half a frame to the engine, or have more members than one message may have
 * @behaviour the engine is asked without them, told how many bytes they are, and gives no call token; the tool server gets the answer without one, and refuses it where it verifies
 * @counter none: a receiver counts what it refuses
 */
test('what no frame to the engine holds is left out, and its connection stays whole', async () => {
  const { asked, repeat } = open()
  const saidAs = { answerIds: { a: 1 } }
  const passed = { invocationId: undefined, tool: undefined }
  for (const a of ['\u00e4'.repeat(300_000), Array.from({ length: 20_001 }, () => 1)])
    await repeat(passed, { content: { inputResponses: { a } }, saidAs })
  assert.deepEqual(asked, [
    { token: 't', server: 'files', leftOutBytes: 600_051 },
    { token: 't', server: 'files', leftOutBytes: 40_052 },
  ])
})

test('asks about a call that is sent once more with the definition of its tool as the session was shown it last', async () => {
  const { asked, repeat } = open()
  const invocationId = parseInvocationId('call-1')
  await repeat({ invocationId, tool: 'read' }, { content: { requestState: 's' } })
  const listed = { definition: 'd', definitionChanged: true }
  assert.deepEqual(asked, [
    { token: 't', server: 'files', invocationId, ...listed, content: { requestState: 's' } },
  ])
})
