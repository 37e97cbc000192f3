import fc from 'fast-check'

import type { Call } from './session-log.ts'

const few = <const Item>(...items: readonly Item[]): fc.Arbitrary<Item> => fc.constantFrom(...items)

const fingerprint = fc.oneof(fc.nat(40), fc.integer({ min: 0, max: 2 ** 52 - 1 }))

const resource = fc.record({
  kind: few('table', 'path', 'host', 'recipient', 'account', 'other'),
  name: fc.oneof(
    few('orders', 'payroll', 'x'.repeat(300), 'naïve\u001b', '\u{1f5c4}'.repeat(30)),
    fc.string(),
  ),
})

const entity = fc.record({ kind: few('path', 'email', 'url', 'other'), fingerprint, target: fc.boolean() })

const position = fc.nat(8191)

const parameter = fc.record({
  name: few('path', 'to[]', 'x'.repeat(64)),
  value: fingerprint,
  wording: fc.array(position, { maxLength: 35 }),
})

const call: fc.Arbitrary<Call> = fc.record(
  {
    tool: fc.oneof(
      few('fs/read', 'fs/write', 'db/query', 'mail/send', `long/${'y'.repeat(200)}`),
      fc.integer({ min: 0, max: 40 }).map(number => `server-${number % 13}/tool-${number}`),
    ),
    sensitivity: fc.integer({ min: 0, max: 3 }),
    readOnly: fc.boolean(),
    mode: few('gate', 'enforce', 'monitor'),
    resources: fc.array(resource, { maxLength: 20 }),
    entities: fc.array(entity, { maxLength: 70 }),
    parameters: fc.array(parameter, { maxLength: 20 }),
    shape: fc.nat(3),
    resultBytes: few(0, 900, 100_000_000),
    entitiesOverflow: few(false, false, false, true),
    result: fc.array(fingerprint, { maxLength: 70 }),
    text: fc.array(position, { maxLength: 600 }),
    resultLost: fc.boolean(),
    resultOverflow: few(false, false, false, false, true),
    outcome: few('ok', 'ok', 'error', 'timeout'),
    afterMs: few(0, 50, 5000, 90_000, 10_000_000, -3000),
    lateMs: few(0, 0, 60_000),
    invocationId: fc.nat(20).map(number => `again-${number}`),
    sequence: fc.nat(1000),
    proofSequence: fc.oneof(fc.nat(40), few(2 ** 32 - 3, 2 ** 32 - 2, Number.MAX_SAFE_INTEGER)),
    drift: few('none', 'none', 'changed', 'unpinned'),
    engineId: fc.nat(12).map(number => `engine-${number}`),
    refused: few('TOOL_NOT_GRANTED', 'STEP_UP_REQUIRED', 'RATE_LIMITED'),
  },
  { requiredKeys: ['tool'] },
)

/** Calls of every sort, in every order, with everything that a log may hold. */
export const anyCalls: fc.Arbitrary<readonly Call[]> = fc.array(call, { maxLength: 30, size: 'max' })
