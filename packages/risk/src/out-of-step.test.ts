import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { newKernel, play } from '../test/play.ts'
import type { Call } from '../test/session-log.ts'
import { sessionLog, target } from '../test/session-log.ts'
import { encodeSession } from './session/encode-session.ts'

const read: Call = { tool: 'fs/read', sensitivity: 1, result: [8] }
const write: Call = {
  tool: 'fs/write',
  sensitivity: 2,
  readOnly: false,
  mode: 'gate',
  entities: [target(8)],
}

describe('outcomes that an engine put on record for another one', () => {
  const [opened, attempt, outcome, hijacked] = sessionLog({}, [read, write])

  test('count where their attempt never came: what they brought is not forgotten', () => {
    const { assessments } = play(newKernel(), [opened!, outcome!, hijacked!])
    assert.equal(assessments.at(-1)!.verdict, 'hold')
    const unseen = play(newKernel(), [opened!, hijacked!])
    assert.equal(unseen.assessments.at(-1)!.verdict, 'forward')
  })

  test('count once, whether they come twice or before their attempt', () => {
    const kernel = newKernel()
    const inOrder = play(kernel, [opened!, attempt!, outcome!])
    const twice = play(kernel, [opened!, attempt!, outcome!, outcome!])
    assert.equal(twice.assessments.at(-1)!.duplicate, true)
    assert.deepEqual(encodeSession(twice.session), encodeSession(inOrder.session))
    const before = play(kernel, [opened!, outcome!, attempt!, outcome!])
    assert.deepEqual(
      before.assessments.slice(-3).map(({ duplicate }) => duplicate),
      [false, false, true],
    )
    assert.equal(before.session.calls, inOrder.session.calls)
  })
})
