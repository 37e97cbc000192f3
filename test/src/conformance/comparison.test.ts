import assert from 'node:assert/strict'
import { test } from 'node:test'

import { comparisonTable } from './comparison-table.ts'
import { compareResults, unexplained } from './comparison.ts'
import type { Check, SuiteResults } from './suite-run.ts'

const eventId = 'b059d048-bfc3-49c7-962b-9ebf7e06996e_1795460924451_cpmtbwx3'
const otherEventId = '78d39033-6795-4748-8d59-e6ba58b89afb_1795460990246_75q7ej0w'

const check = (id: string, rest: Partial<Check> = {}): Check => ({
  id,
  description: 'a check',
  status: 'SUCCESS',
  ...rest,
})

const results = (checks: readonly Check[]): SuiteResults => new Map([['a scenario', checks]])

const differing = (direct: readonly Check[], through: readonly Check[]): readonly string[] | undefined =>
  compareResults(results(direct), results(through), {})[0]?.differing

test('what no two runs have in common is no difference', () => {
  const seen = (host: string, id: string): Check =>
    check('polling', {
      description: `event ${id}`,
      details: { url: `http://${host}/mcp`, data: { id }, headers: { host }, body: `403 of ${host}` },
    })
  assert.deepEqual(differing([seen('127.0.0.1:1', eventId)], [seen('127.0.0.1:22', otherEventId)]), [])
})

test('each server says in its own words why it refuses, and makes its own ids', () => {
  const seen = (error: object, requestState: string): Check =>
    check('refused', { details: { error, result: { requestState } } })
  const mismatch = { code: -32020, message: 'Bad Request', data: { mismatch: { header: 'a' } } }
  assert.deepEqual(
    differing([seen(mismatch, 'v1.a')], [seen({ code: -32020, message: 'mcp-name' }, 'v1.b')]),
    [],
  )
  for (const other of [
    { code: -32022, message: 'Bad Request' },
    { code: -32020, message: 'Bad Request', data: { supported: [] } },
  ])
    assert.deepEqual(differing([seen(mismatch, 'v1.a')], [seen(other, 'v1.a')]), ['refused'])
  const ownError = { code: -32000, message: 'of the tool' }
  assert.deepEqual(differing([seen(ownError, 'a')], [seen({ ...ownError, message: 'other' }, 'a')]), [
    'refused',
  ])
})

test('a check that fails, is missing, comes twice or saw something else is a difference', () => {
  const passed = check('text', { details: { result: 'hello' } })
  assert.deepEqual(differing([passed], [{ ...passed, status: 'FAILURE' }]), ['text'])
  assert.deepEqual(differing([passed], [{ ...passed, details: { result: 'goodbye' } }]), ['text'])
  assert.deepEqual(differing([check('first'), passed], [check('first')]), ['text'])
  assert.deepEqual(differing([passed], [passed, passed]), ['text'])
})

test('a scenario that only one of both has differs', () => {
  const [comparison] = compareResults(results([check('text')]), new Map(), {})
  assert.deepEqual(comparison?.differing, ['text'])
})

test('a difference with a stated reason is shown with it, and any other fails the comparison', () => {
  const direct = results([check('text')])
  const stated = compareResults(direct, new Map(), { 'a scenario': 'a pipe has no headers' })
  assert.deepEqual(unexplained(stated), [])
  assert.match(comparisonTable(stated), /a scenario +1 of 1 +0 of 0 +no, as stated: a pipe has no headers/)
  const unstated = compareResults(direct, new Map(), {})
  assert.deepEqual(unexplained(unstated), ['a scenario'])
  assert.match(comparisonTable(unstated), /NO: text/)
})
