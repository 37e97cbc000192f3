import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'

import type { Engine } from '@cordon/engine'
import { makeSessionId } from '@cordon/foundation'
import type { SessionDecision, Standing } from '@cordon/schemas'

import { monotonicMs } from '../load/monotonic-time.ts'
import { SessionWatch } from './session-watch.ts'

const sessionId = makeSessionId(0, '0192f3a0-5b7e-7c1d-8a2b-3c4d5e6f7a8b')

const decision = (standing: Standing): SessionDecision => ({
  sessionId,
  version: 1,
  standing,
  score: 0,
  evidence: 0,
  contributions: [],
  decidedAt: 0,
  causedBy: null,
  baselineVersion: 0,
  baselineSessions: -1,
  thresholdBasis: 'bundle',
  bundleVersion: 0,
  standingVersion: 0,
  keyId: '',
  signature: Buffer.alloc(0),
})

/** Lets calls pass until it is told to refuse them. */
const makeWatch = () => {
  const state = { isRefusing: false }
  const asking: Engine = {
    authorizePrincipal: () =>
      Promise.resolve(
        state.isRefusing
          ? { type: 'answer', verdict: 'deny', refusal: { reason: 'SESSION_SUSPENDED', message: '' } }
          : { type: 'answer', verdict: 'forward' },
      ),
  } as unknown as Engine
  const engine = { index: 3, engine: asking, asking, holds: () => true, close: () => Promise.resolve() }
  return { state, watch: new SessionWatch(() => engine) }
}

test('a decision counts as held when the first was, whatever is decided after it', async () => {
  const { state, watch } = makeWatch()
  const watching = watch.watch(7, { sessionId })
  watch.onDecision(decision('trusted'))
  const first = monotonicMs()
  watch.onDecision(decision('verify'))
  await pause(30)
  const second = monotonicMs()
  state.isRefusing = true
  watch.onDecision(decision('suspended'))
  await watching
  const [refusal] = watch.takeRefusals()
  assert.deepEqual(watch.takeRefusals(), [])
  assert.ok(refusal !== undefined && refusal.session === 7 && refusal.engine === 3)
  assert.ok(
    refusal.heldAt >= first && refusal.heldAt < second,
    `${refusal.heldAt - first} ms after the first`,
  )
  assert.ok(refusal.refusedAt >= second)
})
