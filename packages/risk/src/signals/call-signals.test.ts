import assert from 'node:assert/strict'
import { test } from 'node:test'

import { judged, outcome, play, raising, taughtKernel } from '../../test/play.ts'
import type { Call } from '../../test/session-log.ts'
import { sessionLog, target } from '../../test/session-log.ts'
import { BaselineBuilder } from '../baseline/baseline-builder.ts'
import { baselineLookup } from '../baseline/baseline-view.ts'
import { createKernel } from '../kernel.ts'
import { decodeSession } from '../session/decode-session.ts'
import { encodeSession } from '../session/encode-session.ts'
import { volumeNats } from './volume-signal.ts'
import { hedgedNats } from './signal.ts'

const remove = (value: number, shape = 1): Call => ({
  tool: 'files/delete',
  sensitivity: 3,
  readOnly: false,
  parameters: [{ name: 'id', value }],
  shape,
})
const list: Call = { tool: 'files/list', resultBytes: 1000 }

test('a value that is new to a parameter with few values raises the score, and says which parameter', () => {
  const kernel = taughtKernel([list, remove(7)])
  assert.ok(judged(kernel, [list, remove(8)]).score > judged(kernel, [list, remove(7)]).score)
  const [contribution] = raising(judged(kernel, [list, remove(8)]))
  assert.equal(contribution?.signal, 'argument')
  assert.equal(
    contribution.fact,
    'first time this agent gives files/delete this id, for which 1 value is known',
  )
})

test('a value says nothing where the parameter takes a new one every time', () => {
  const builder = new BaselineBuilder()
  for (let session = 0; session < 40; session += 1)
    builder.learn(sessionLog({ session: `${session}` }, [list, remove(100 + session)]))
  const kernel = createKernel({ baselineFor: baselineLookup(builder.baselines()) })
  assert.deepEqual(
    judged(kernel, [list, remove(8)]).contributions.filter(({ signal }) => signal === 'argument'),
    [],
  )
})

test('arguments of a form that the tool never had raise it', () => {
  const kernel = taughtKernel([list, remove(7)])
  assert.equal(
    raising(judged(kernel, [list, remove(7, 2)]))[0]?.fact,
    'first time this agent gives files/delete arguments of this form',
  )
})

test('a result larger than any raises it a little', () => {
  const kernel = taughtKernel([list, list, list])
  assert.ok(outcome(kernel, [list]).evidence <= 0)
  const large = outcome(kernel, [{ ...list, resultBytes: 5_000_000 }])
  assert.match(raising(large)[0]!.fact, /the result of files\/list has 5000000 bytes/)
})

test('the volume ratio is that of the calibrator at p = 1/121', () => {
  const profile = { results: 120, resultsFrom: (size: number) => (size === 0 ? 120 : 0) }
  const p = 1 / 121
  const ratio = (1 - p + p * Math.log(p)) / (p * Math.log(p) ** 2)
  const view = { agent: profile, role: { results: 0, resultsFrom: () => 0 } }
  assert.equal(volumeNats(view as never, 5_000_000), hedgedNats(ratio, 0.3, 0.04))
})

test('a session is as suspicious as its strongest call: unusual steps do not add up', () => {
  const kernel = taughtKernel([list, remove(7)])
  const once = judged(kernel, [list, remove(8)])
  const often = judged(kernel, [list, ...Array.from({ length: 20 }, (_, id) => remove(20 + id))])
  assert.ok(often.evidence <= once.evidence + 0.5)
})

test('a scorer of the version before reads what this one writes for it, and loses no evidence', () => {
  const kernel = taughtKernel([list, remove(7)])
  const calls = [
    { ...list, result: [5], resultBytes: 5_000_000 },
    { ...remove(8), mode: 'gate' as const, entities: [target(5)] },
  ]
  const { session } = play(kernel, sessionLog({}, calls))
  const { evidence } = kernel.assess(session)
  for (const encoding of [1, 2] as const) {
    const read = decodeSession(encodeSession(session, encoding))
    assert.ok(Math.abs(kernel.assess(read).evidence - evidence) < 1e-9)
    assert.equal(read.standing, session.standing)
  }
})
