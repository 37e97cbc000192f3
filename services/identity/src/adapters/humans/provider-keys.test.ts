import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { IdentityProvider } from '@cordon/policy'

import { createProviderKeys } from './provider-keys.ts'

test('a key set of a mebibyte is given up at 64 KiB', async () => {
  const seen = { parts: 0, isCancelled: false }
  const large = (): Promise<Response> => {
    const body = new ReadableStream<Uint8Array>(
      {
        pull: controller => {
          seen.parts += 1
          controller.enqueue(new Uint8Array(16 * 1024))
          if (seen.parts === 64) controller.close()
        },
        cancel: () => {
          seen.isCancelled = true
        },
      },
      { highWaterMark: 0 },
    )
    return Promise.resolve(new Response(body))
  }
  const provider: IdentityProvider = {
    audiences: ['cordon-connect'],
    algorithms: ['RS256'],
    roles: [],
    entitlements: [],
    clearances: [],
    jwksUri: 'https://login.example/keys',
  }
  const keyOf = createProviderKeys({}, large).of('https://login.example', provider)
  await assert.rejects(async () => keyOf({ alg: 'RS256', kid: 'a' }, { payload: '', signature: '' }), {
    message: 'key set: expected at most 65536 bytes, got more',
  })
  assert.deepEqual(seen, { parts: 5, isCancelled: true })
})
