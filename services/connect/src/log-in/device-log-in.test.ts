import assert from 'node:assert/strict'
import { test } from 'node:test'

import { deviceLogIn } from './device-log-in.ts'

const now = 1_796_000_000_000
const idToken = [
  '{}',
  JSON.stringify({ iss: 'https://id.example', aud: 'cordon-connect', exp: now / 1000 + 3600 }),
  's',
]
  .map(part => Buffer.from(part).toString('base64url'))
  .join('.')

const elsewhere = 'https://id.example/device'
let verificationUri = elsewhere

/** @param answers of the token endpoint, one after the other */
const logIn = async (...answers: readonly { readonly status: number; readonly body: unknown }[]) => {
  let time = now
  const waited: number[] = []
  const told: string[] = []
  const left = [...answers]
  const provider = {
    issuer: 'https://id.example',
    clientId: 'cordon-connect',
    metadata: () =>
      Promise.resolve({
        authorizationEndpoint: 'https://id.example/auth',
        tokenEndpoint: 'https://id.example/token',
        deviceEndpoint: 'https://id.example/device/auth',
      }),
    post: (url: string) => {
      if (url.endsWith('/token'))
        return Promise.resolve(left.shift() ?? { status: 400, body: { error: 'authorization_pending' } })
      const body = {
        device_code: 'd',
        user_code: 'BCDF-GHJK',
        verification_uri: verificationUri,
        expires_in: 60,
        interval: 5,
      }
      return Promise.resolve({ status: 200, body })
    },
  }
  const run = deviceLogIn({
    provider,
    access: { cordon_agent: 'desk', cordon_tools: 'files/*' },
    now: () => time,
    wait: seconds => {
      waited.push(seconds)
      time += seconds * 1000
      return Promise.resolve()
    },
  })
  const outcome = await run(notice => void told.push(notice), new AbortController().signal).catch(
    (error: unknown) => error,
  )
  return { outcome, waited, told }
}
const refusal = (error: string) => ({ status: 400, body: { error } })

test('asks at the distance that the provider wants, and more slowly where it says so (RFC 8628 §3.5)', async () => {
  const { outcome, waited, told } = await logIn(
    refusal('authorization_pending'),
    refusal('slow_down'),
    refusal('authorization_pending'),
    { status: 200, body: { id_token: idToken } },
  )
  assert.deepEqual(outcome, { idToken, expiresAt: now + 3_600_000 })
  assert.deepEqual(waited, [5, 5, 10, 10])
  assert.deepEqual(told, [
    'Sign in: open https://id.example/device on any device, and enter the code BCDF-GHJK',
  ])
})

test('a human who says no is an end', async () => {
  const { outcome, waited } = await logIn(refusal('access_denied'))
  assert.equal((outcome as { readonly code: string }).code, 'LOG_IN_REFUSED')
  assert.equal(waited.length, 1)
})

test('nobody who enters the code in time is an end', async () => {
  const { outcome, waited } = await logIn()
  assert.equal((outcome as { readonly code: string }).code, 'LOG_IN_TIMED_OUT')
  assert.equal(waited.length, 12)
})

test('an address of this machine alone is not told to another device', async () => {
  verificationUri = 'http://127.0.0.1:7401/oidc/device'
  const { told } = await logIn(refusal('access_denied')).finally(() => (verificationUri = elsewhere))
  assert.deepEqual(told, [
    'Sign in: open http://127.0.0.1:7401/oidc/device on this machine, or through a tunnel to it, and enter the code BCDF-GHJK',
  ])
})
