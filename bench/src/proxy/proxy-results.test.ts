import assert from 'node:assert/strict'
import { test } from 'node:test'

import { processorResults, proxyResults, type WayRound } from './proxy-results.ts'

const unmeasured = { alone: {}, together: {} }

test('adds what a way adds to the direct one, and compares rates round by round', () => {
  const results = proxyResults(
    new Map([
      [
        'direct',
        [
          { ...unmeasured, latency: [1, 2], callsPerSecond: 4000 },
          { ...unmeasured, latency: [1, 3], callsPerSecond: 4000 },
        ],
      ],
      [
        'bare',
        [
          { ...unmeasured, latency: [2, 2], callsPerSecond: 2000 },
          { ...unmeasured, latency: [2, 4], callsPerSecond: 1000 },
        ],
      ],
      [
        'enforce',
        [
          { ...unmeasured, latency: [3, 4], callsPerSecond: 1000, askedMs: 1.5 },
          { ...unmeasured, latency: [4, 9], callsPerSecond: 900, askedMs: 2 },
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

test('tells of each process the median of its rounds', () => {
  const round = (engine: number): WayRound => ({
    latency: [],
    callsPerSecond: 1,
    alone: { engine },
    together: { engine: engine / 2 },
  })
  assert.deepEqual(processorResults(new Map([['gate', [round(3), round(1), round(2)]]])), {
    'gate alone': { engine: 2 },
    'gate together': { engine: 1 },
  })
})
