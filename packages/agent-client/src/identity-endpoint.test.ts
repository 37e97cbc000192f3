import assert from 'node:assert/strict'
import { test } from 'node:test'

import { generateHolderKey } from '@cordon/tokens'

import { createIdentityEndpoint } from './identity-endpoint.ts'

test('an endless answer of identity is given up at 64 KiB, and not asked for again', async () => {
  const seen = { requests: 0, parts: 0, isCancelled: false }
  const endpoint = createIdentityEndpoint({
    issuer: 'https://identity.example',
    holderKey: generateHolderKey(),
    fetch: () => {
      seen.requests += 1
      const body = new ReadableStream<Uint8Array>(
        {
          pull: controller => {
            seen.parts += 1
            controller.enqueue(new Uint8Array(16 * 1024))
          },
          cancel: () => {
            seen.isCancelled = true
          },
        },
        { highWaterMark: 0 },
      )
      return Promise.resolve(new Response(body))
    },
    timing: {
      now: () => 0,
      wait: () => Promise.resolve(),
      waitAside: () => Promise.resolve(),
      random: () => 0,
    },
  })
  await assert.rejects(
    endpoint.post('/token', () => Promise.resolve({ fields: {} })),
    {
      code: 'IDENTITY_ANSWER_MALFORMED',
      message: 'identity service: expected at most 65536 bytes, got more',
    },
  )
  assert.deepEqual(seen, { requests: 1, parts: 5, isCancelled: true })
})
