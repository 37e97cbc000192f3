import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'

import { createTelemetry } from '@cordon/telemetry'

import { createHumanEvents } from './human-events.ts'
import { createProviderRoutes } from './provider-routes.ts'

type Options = Parameters<typeof createProviderRoutes>[0]

/** Of the provider's parts only what starting a device, and typing codes that nobody was given, touch. */
const openRoutes = async (
  t: TestContext,
  waiting: { count: number; droppable: number },
  tries: (readonly [kind: string, subject: string])[] = [],
  waits = false,
) => {
  const telemetry = createTelemetry({
    service: 'identity',
    logLevel: 'info',
    destination: { write: () => undefined },
  })
  let listener: RequestListener | undefined
  const server = createServer((request, response) => listener?.(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  listener = createProviderRoutes({
    url: new URL(`${origin}/oidc`),
    isHttps: false,
    serving: () => ({
      provider: {
        createContext: () => ({}),
        Session: { get: () => Promise.resolve({ state: { secret: 'of the form' } }) },
      },
      answer: (_request: unknown, response: { end(text: string): void }) => response.end('a code'),
    }),
    records: {
      count: () => Promise.resolve(waiting.count),
      dropDeviceCode: () => {
        const isDropped = waiting.droppable > 0
        waiting.droppable -= 1
        return Promise.resolve(isDropped)
      },
    },
    attempts: {
      take: (kind: string, subject: string) => {
        tries.push([kind, subject])
        return Promise.resolve(waits && kind === 'user-code-anywhere' ? 9_500 : 0)
      },
      takeBack: (kind: string, subject: string) => {
        const index = tries.findIndex(([of, whose]) => of === kind && whose === subject)
        tries.splice(index, 1)
        return Promise.resolve()
      },
    },
    devicePages: { wasWrong: () => true },
    budget: { spend: () => true },
    events: createHumanEvents(telemetry),
    addressOf: () => '2001:db8:0:1:a:b:c:d',
  } as unknown as Options)
  return {
    start: async () => {
      const response = await fetch(`${origin}/oidc/device/auth`, { method: 'POST' })
      return [response.status, response.status === 200 ? await response.text() : undefined]
    },
    type: async () => {
      const response = await fetch(`${origin}/oidc/device`, { method: 'POST', headers: { origin } })
      return response.status
    },
    metrics: async () => telemetry.metrics(),
  }
}

/**
 * @input more devices that wait for their humans than there are places for
 * @behaviour each takes the place of the oldest code of the address that has most of them, unless a human has allowed it already
 * @counter cordon_identity_device_codes_dropped_total
 */
test('rejects nobody because of others: a device that comes when all places are taken gets one of them', async t => {
  const { start, metrics } = await openRoutes(t, { count: 2000, droppable: 1 })
  assert.deepEqual(await start(), [200, 'a code'])
  assert.match(await metrics(), /^cordon_identity_device_codes_dropped_total 1$/m)
  // None left that could go: all of them were allowed a moment ago.
  assert.deepEqual(await start(), [503, undefined])
  assert.match(await metrics(), /^cordon_identity_device_codes_dropped_total 1$/m)
})

test('no code goes while there is room', async t => {
  const { start, metrics } = await openRoutes(t, { count: 1999, droppable: 1 })
  assert.deepEqual(await start(), [200, 'a code'])
  assert.match(await metrics(), /^cordon_identity_device_codes_dropped_total 0$/m)
})

test('rejects guesses of user codes by all of an IPv6 network, and by all of its site', async t => {
  const tries: (readonly [string, string])[] = []
  const { type } = await openRoutes(t, { count: 0, droppable: 0 }, tries)
  assert.equal(await type(), 200)
  assert.deepEqual(tries, [
    ['user-code', '2001:db8:0:1::/64'],
    ['user-code-site', '2001:db8:0::/48'],
    ['user-code-anywhere', ''],
  ])
})

test('a user code that nobody looked at, as all have to wait, is no guess of its network', async t => {
  const tries: (readonly [string, string])[] = []
  const { type, metrics } = await openRoutes(t, { count: 0, droppable: 0 }, tries, true)
  assert.equal(await type(), 429)
  assert.deepEqual(tries, [['user-code-anywhere', '']])
  assert.match(await metrics(), /attempts_refused_total\{kind="user-code-anywhere"\} 1$/m)
})
