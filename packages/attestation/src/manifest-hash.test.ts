import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'

import { parseAgentId } from '@cordon/foundation'
import type { Manifest } from '@cordon/policy'

import { manifestHash, toolsDigest } from './manifest-hash.ts'

const agent = parseAgentId('agent-7')
const manifest: Manifest = {
  version: '1.2.0',
  platform: 'desk',
  deployer: 'finance',
  model: 'model-x',
  promptDigest: '00'.repeat(32),
  tools: ['mail/send', 'files/*', 'files/*'],
  maxDelegationDepth: 1,
  provenance: [],
}
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

test('is SHA-256 over the canonical text, which is written out here by hand', () => {
  assert.equal(toolsDigest(['mail/send', 'files/*', 'files/*']), sha256('["files/*","mail/send"]'))
  assert.equal(
    manifestHash(agent, manifest),
    sha256(
      `{"agent":"agent-7","deployer":"finance","max_delegation_depth":1,"model":"model-x","platform":"desk","prompt_digest":"${'00'.repeat(32)}","tools":["files/*","mail/send"],"version":"1.2.0"}`,
    ),
  )
})

test('another prompt, model, permission, version, platform, deployer or agent is another hash', () => {
  const hashes = [
    {},
    { version: '1.2.1' },
    { platform: 'cloud' },
    { deployer: 'sales' },
    { model: 'model-y' },
    { promptDigest: '01'.repeat(32) },
    { tools: ['files/*'] },
    { maxDelegationDepth: 2 },
  ].map(changed => manifestHash(agent, { ...manifest, ...changed }))
  assert.equal(new Set([...hashes, manifestHash(parseAgentId('agent-8'), manifest)]).size, 9)
})

test('the order of permissions and the provenance of the code are no part of it', () => {
  const rebuilt = {
    ...manifest,
    tools: ['files/*', 'mail/send'],
    provenance: [{ payloadType: 't', payload: '', signatures: [] }],
  }
  assert.equal(manifestHash(agent, rebuilt), manifestHash(agent, manifest))
})
