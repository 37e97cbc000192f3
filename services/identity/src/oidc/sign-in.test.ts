import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createTelemetry } from '@cordon/telemetry'

import { type AttemptState, takeAttempt, takeBackAttempt } from '../core/humans/attempt-limit.ts'
import type { Accounts, Attempts } from '../ports/humans.ts'
import { createHumanEvents } from './human-events.ts'
import { createSignIn } from './sign-in.ts'

const account = { subject: 'alice', name: 'Alice', email: 'alice@example.com', groups: [] }

/** In memory, by the rules that the database keeps; time stands still. */
const createAttempts = (): Attempts => {
  const states = new Map<string, AttemptState>()
  return {
    take: (kind, subject) => {
      const { waitMs, state } = takeAttempt(kind, states.get(`${kind} ${subject}`), 1_800_000_000_000)
      states.set(`${kind} ${subject}`, state)
      return Promise.resolve(waitMs)
    },
    takeBack: (kind, subject) => {
      const state = states.get(`${kind} ${subject}`)
      if (state !== undefined) states.set(`${kind} ${subject}`, takeBackAttempt(state))
      return Promise.resolve()
    },
    forget: (kind, subject) => Promise.resolve(void states.delete(`${kind} ${subject}`)),
  }
}

const openSignIn = () => {
  let looked = 0
  const accounts: Accounts = {
    find: () => Promise.resolve(undefined),
    check: (_name, password) => {
      looked += 1
      return Promise.resolve(password === 'right' ? account : 'refused')
    },
  }
  const telemetry = createTelemetry({
    service: 'identity',
    logLevel: 'info',
    destination: { write: () => undefined },
  })
  const signIn = createSignIn({ accounts, attempts: createAttempts(), events: createHumanEvents(telemetry) })
  return { signIn, looked: () => looked, metrics: async () => telemetry.metrics() }
}

test('rejects guesses of many names from one IPv6 network, whatever addresses of it are used', async () => {
  const { signIn, looked, metrics } = openSignIn()
  for (let guess = 0; guess < 30; guess += 1)
    await signIn(`name-${guess}`, 'wrong', `2001:db8:0:1::${guess.toString(16)}`)
  assert.equal(looked(), 20)
  assert.deepEqual(await signIn('alice', 'right', '2001:db8:0:2::1'), { account })
  assert.match(await metrics(), /attempts_refused_total\{kind="network"\} 10$/m)
})

test('rejects guesses of many names from one IPv6 site, whatever networks of it are used', async () => {
  const { signIn, looked, metrics } = openSignIn()
  for (let guess = 0; guess < 250; guess += 1)
    await signIn(`name-${guess}`, 'wrong', `2001:db8:0:${guess.toString(16)}::1`)
  assert.equal(looked(), 200)
  assert.deepEqual(await signIn('alice', 'right', '2001:db8:1::1'), { account })
  assert.match(await metrics(), /attempts_refused_total\{kind="site"\} 50$/m)
})

test('right passwords cost neither network nor site a try', async () => {
  const { signIn } = openSignIn()
  for (let count = 0; count < 250; count += 1)
    assert.deepEqual(await signIn('alice', 'right', '2001:db8::1'), { account })
})
