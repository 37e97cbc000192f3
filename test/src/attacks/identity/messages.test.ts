import assert from 'node:assert/strict'
import { test } from 'node:test'

import { digestArguments } from '@cordon/tokens'

import { messageOf, proofOf, readFile, type Shown } from './agent.ts'
import type { Claims } from './crafted.ts'
import { openGateway } from './gateway.ts'

// The attacker stands between agent and proxy, and changes what a message says beside what a call is judged by.

const invalid = 'invalid_dpop_proof'

const _meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** A message that calls nothing, and the proof of it as its agent wrote it. */
const saying = (method: string, content: Claims): Pick<Shown, 'body' | 'headers' | 'proof'> => ({
  body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...content, _meta } }),
  headers: { 'mcp-method': method, 'mcp-name': '' },
  proof: { mcp: { method, content_s256: digestArguments(content) } },
})

const completion = { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: 'mine' } }

test('rejects other content of a message than its agent proved', async context => {
  const gateway = await openGateway(context)
  const proven = saying('completion/complete', completion)
  assert.equal((await gateway.ask(proven)).status, 200)
  const { body } = saying('completion/complete', { ...completion, argument: { name: 'a', value: 'theirs' } })
  await gateway.rejects({ ...proven, body: body ?? '' }, invalid)
  await gateway.rejects({ ...proven, proof: { mcp: undefined } }, invalid)
})

test('rejects the proof of another message with the same content', async context => {
  const gateway = await openGateway(context)
  const listed = saying('tools/list', {})
  assert.equal((await gateway.ask(listed)).status, 200)
  await gateway.rejects({ ...saying('prompts/list', {}), proof: listed.proof ?? {} }, invalid)
})

/** The same call, with what its agent said beside the arguments; or somebody else did. */
const retried = (rest: Claims): string => {
  const message = JSON.parse(messageOf()) as { readonly params: Claims }
  return JSON.stringify({ ...message, params: { ...message.params, ...rest } })
}

test('rejects inputResponses and requestState that the agent did not prove', async context => {
  const gateway = await openGateway(context)
  const rest = { inputResponses: { sure: { action: 'decline' } }, requestState: 's' }
  const mcp = { server: 'files', tool: readFile.tool, args_s256: digestArguments(readFile.arguments) }
  const proof = { mcp: { ...mcp, rest_s256: digestArguments(rest) } }
  await gateway.accepts({ body: retried(rest), proof })
  for (const forged of [
    { ...rest, inputResponses: { sure: { action: 'accept' } } },
    { ...rest, requestState: 'other' },
    { requestState: 's' },
    {},
  ])
    await gateway.rejects({ body: retried(forged), proof }, invalid)
  await gateway.rejects({ body: retried(rest) }, invalid)
})

test('a message without a digest of what it says is let through by nobody, whatever was proved', async context => {
  const gateway = await openGateway(context)
  const { engine } = gateway.engineOf()
  for (const method of ['answer', 'resources/subscribe', 'completion/complete']) {
    const shown = { token: gateway.token(), key: gateway.holder, proof: { mcp: undefined } }
    const proven = { token: shown.token, proof: proofOf(gateway, shown), htm: 'POST', htu: gateway.resource }
    const { admitted, downstreamToken } = await engine.admit(proven, { server: 'files', method })
    assert.deepEqual([admitted, downstreamToken], [false, undefined])
  }
})
