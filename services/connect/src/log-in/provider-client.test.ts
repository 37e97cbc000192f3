import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createProviderClient } from './provider-client.ts'

const issuer = 'https://login.example'
const part = 64 * 1024

/** A provider that goes on answering, and how many parts of that were taken. */
const openEndless = () => {
  const seen = { parts: 0, isCancelled: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull: controller => {
        seen.parts += 1
        controller.enqueue(new Uint8Array(part))
      },
      cancel: () => {
        seen.isCancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  const client = createProviderClient({
    issuer,
    clientId: 'cordon-connect',
    fetch: () => Promise.resolve(new Response(body)),
  })
  return { seen, client }
}

for (const [what, ask] of [
  ['discovery document', ({ client }: ReturnType<typeof openEndless>) => client.metadata()],
  ['token answer', ({ client }: ReturnType<typeof openEndless>) => client.post(`${issuer}/token`, {})],
] as const)
  test(`an endless ${what} of a provider is given up at 256 KiB`, async () => {
    const world = openEndless()
    await assert.rejects(ask(world), {
      code: 'PROVIDER_ANSWER_MALFORMED',
      message: `provider ${issuer}: expected at most 262144 bytes, got more`,
      retryable: false,
    })
    assert.deepEqual(world.seen, { parts: 5, isCancelled: true })
  })
