import assert from 'node:assert/strict'
import { test } from 'node:test'

import { proxyResults } from './proxy-results.ts'

test('adds what a way adds to the direct one, and compares rates round by round', () => {
  const results = proxyResults(
    new Map([
      [
        'direct',
        [
          { latency: [1, 2], callsPerSecond: 4000 },
          { latency: [1, 3], callsPerSecond: 4000 },
        ],
      ],
      [
        'bare',
        [
          { latency: [2, 2], callsPerSecond: 2000 },
          { latency: [2, 4], callsPerSecond: 1000 },
        ],
      ],
      [
        'enforce',
        [
          { latency: [3, 4], callsPerSecond: 1000, askedMs: 1.5 },
          { latency: [4, 9], callsPerSecond: 900, askedMs: 2 },
        ],
      ],
    ]),
  )
  assert.deepEqual(results['enforce'], {
    p50: 4,
    p99: 9,
    count: 4,
    // Direct: 1, 1, 2, 3.
    addedP50: 3,
    addedP99: 6,
    askedEngineMean: 1.5,
    callsPerSecond: 900,
    ofBare: 0.5,
    ofBareLowest: 0.5,
    ofBareHighest: 0.9,
  })
  assert.equal(results['direct']?.['addedP50'], undefined)
})
