import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createTelemetry } from '@cordon/telemetry'

import { type AttemptState, takeAttempt, takeBackAttempt } from '../core/humans/attempt-limit.ts'
import type { Accounts, Attempts } from '../ports/humans.ts'
import { createHumanEvents } from './human-events.ts'
import { createSignIn } from './sign-in.ts'

const account = { subject: 'alice', name: 'Alice', email: 'alice@example.com', groups: [] }

/** In memory, by the rules that the database keeps. */
const createAttempts = (clock: { readonly now: number }): Attempts => {
  const states = new Map<string, AttemptState>()
  return {
    take: (kind, subject) => {
      const { waitMs, state } = takeAttempt(kind, states.get(`${kind} ${subject}`), clock.now)
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
  const clock = { now: 1_800_000_000_000 }
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
  const signIn = createSignIn({
    accounts,
    attempts: createAttempts(clock),
    events: createHumanEvents(telemetry),
  })
  return { signIn, clock, looked: () => looked, metrics: async () => telemetry.metrics() }
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

/** Tries as long as somebody else makes it wait, and a last time when that is over. */
const trySignIn = async ({ signIn, clock }: ReturnType<typeof openSignIn>, address: string) => {
  const end = clock.now + 30_000
  for (; clock.now < end; clock.now += 1000)
    assert.deepEqual(await signIn('alice', 'right', address), {
      problem: { waitSeconds: (end - clock.now) / 1000 },
    })
  return signIn('alice', 'right', address)
}

test('a network waits no longer than its site, however often it asks meanwhile', async () => {
  const opened = openSignIn()
  for (let guess = 0; guess < 200; guess += 1)
    await opened.signIn(`name-${guess}`, 'wrong', `2001:db8:0:${guess.toString(16)}::1`)
  assert.deepEqual(await trySignIn(opened, '2001:db8:0:ffff::1'), { account })
})

test('a network does not wait because one account of its humans does', async () => {
  const opened = openSignIn()
  for (let guess = 0; guess < 5; guess += 1) await opened.signIn('alice', 'wrong', '192.0.2.1')
  assert.deepEqual(await trySignIn(opened, '192.0.2.2'), { account })
})
