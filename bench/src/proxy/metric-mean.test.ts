import assert from 'node:assert/strict'
import { test } from 'node:test'

import { histogramTotal, meanMs } from './metric-mean.ts'

const metrics = (sum: number, count: number) =>
  [
    '# TYPE cordon_proxy_call_decision_seconds histogram',
    'cordon_proxy_call_decision_seconds_bucket{le="0.001",verdict="forward"} 7',
    `cordon_proxy_call_decision_seconds_sum{verdict="forward"} ${sum}`,
    `cordon_proxy_call_decision_seconds_count{verdict="forward"} ${count}`,
    'cordon_proxy_call_decision_seconds_sum{verdict="deny"} 0.5',
    'cordon_proxy_call_decision_seconds_count{verdict="deny"} 1',
  ].join('\n')

test('adds up all labels, and tells the mean between two readings', () => {
  const name = 'cordon_proxy_call_decision_seconds'
  const before = histogramTotal(metrics(1, 100), name)
  assert.deepEqual(before, { seconds: 1.5, count: 101 })
  assert.equal(meanMs(before, histogramTotal(metrics(1.2, 200), name)), 2)
})
