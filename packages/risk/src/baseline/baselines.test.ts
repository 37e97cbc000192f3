import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { anyCalls } from '../../test/any-calls.ts'
import type { Call } from '../../test/session-log.ts'
import { sessionLog, table } from '../../test/session-log.ts'
import { BaselineBuilder } from './baseline-builder.ts'
import { encodeBaselines, parseBaselines } from './baseline-json.ts'
import type { Baselines } from './baselines.ts'
import { emptyBaselines } from './baselines.ts'

const read: Call = { tool: 'fs/read' }
const agentBytes = 16 * 1024

const learn = (...sessions: readonly (readonly Call[])[]): Baselines => {
  const builder = new BaselineBuilder()
  for (const [session, calls] of sessions.entries())
    builder.learn(sessionLog({ session: `${session}` }, calls))
  return builder.baselines()
}

test('one session teaches the same thing at most three times', () => {
  const { agents, roles, all } = learn(
    Array.from({ length: 50 }, (): Call => ({ ...read, resources: [table('orders')] })),
  )
  for (const profile of [agents['agent']!, roles['analyst']!, all]) {
    assert.deepEqual(profile.tools, [['fs/read', 3, 1]])
    assert.equal(profile.resources.table?.draws, 3)
    assert.equal(profile.outcomes.calls, 3)
  }
  assert.deepEqual(agents['agent']!.after, [
    [-1, 0, 1],
    [0, 0, 3],
  ])
})

test('refused, late and repeated calls teach nothing', () => {
  const calls: readonly Call[] = [
    read,
    { tool: 'db/drop', refused: 'STEP_UP_REQUIRED' },
    { tool: 'db/late', lateMs: 1 },
    { tool: 'db/again', invocationId: '0.0/0' },
  ]
  assert.deepEqual(learn(calls).all.tools, [['fs/read', 1, 1]])
})

test('a log that does not begin with its opening is refused', () => {
  const builder = new BaselineBuilder()
  assert.throws(() => builder.learn(sessionLog({}, [read]).slice(1)), { code: 'SESSION_LOG_MALFORMED' })
})

test('what was learned survives being stored, and the same baselines have the same text', () => {
  fc.assert(
    fc.property(fc.array(anyCalls), sessions => {
      const text = encodeBaselines(learn(...sessions))
      assert.equal(encodeBaselines(parseBaselines(text)), text)
    }),
    { numRuns: 50 },
  )
})

test('an agent’s profile stays below 16 KiB whatever its sessions do', () => {
  const hostile = Array.from({ length: 300 }, (_, session) =>
    Array.from({ length: 8 }, (_, call): Call => ({
      tool: `server-${session}/${'x'.repeat(40)}${(session * 31 + call * 7) % 600}`,
      sensitivity: 3,
      readOnly: false,
      parameters: Array.from({ length: 4 }, (_, position) => ({
        name: `parameter-${position}`,
        value: 2 ** 51 + session * 100 + call * 10 + position,
      })),
      result: Array.from({ length: 9 }, (_, entity) => 2 ** 40 + session * 100 + call * 10 + entity),
      resources: [table(`table-${session}-${call}`), { kind: 'recipient', name: `${session}/${call}` }],
      entities: Array.from({ length: 9 }, (_, entity) => ({
        kind: 'path',
        fingerprint: 2 ** 52 - 1 - (session * 100 + call * 10 + entity),
        target: true,
      })),
    })),
  )
  const { agents } = JSON.parse(encodeBaselines(learn(...hostile))) as { agents: Record<string, unknown> }
  const { length } = Buffer.from(JSON.stringify(agents['agent']))
  assert.ok(length <= agentBytes, `${length} bytes`)
})

test('says where a malformed text is wrong', () => {
  const broken = (change: (baselines: Record<string, unknown>) => void): string => {
    const baselines = JSON.parse(encodeBaselines(learn([read]))) as Record<string, unknown>
    change(baselines)
    return JSON.stringify(baselines)
  }
  const cases: readonly (readonly [string, RegExp])[] = [
    ['{', /expected JSON/],
    ['[]', /baselines: expected an object, got a list of 0/],
    [broken(all => (all['format'] = 3)), /baselines\.format: expected format 2, got 3/],
    [broken(all => delete all['roles']), /baselines\.roles: expected an object, got nothing/],
    [
      encodeBaselines(learn([read])).replace('"fs/read",1,1', '"fs/read",-1,1'),
      /baselines\.agents\["agent"\]\.tools\[0\]\[1\]: expected a whole number from 0, got -1/,
    ],
    [
      encodeBaselines(learn([read])).replace('"after":[[-1,0,1]]', '"after":[[-1,7,1]]'),
      /after\[0\]\[1\]: expected a whole number from 0 and below 1, got 7/,
    ],
  ]
  for (const [text, message] of cases)
    assert.throws(() => parseBaselines(text), { code: 'BASELINES_MALFORMED', message })
})

test('nothing learned is a baseline too', () => {
  assert.deepEqual(parseBaselines(encodeBaselines(emptyBaselines)), emptyBaselines)
})
