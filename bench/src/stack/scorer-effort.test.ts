import assert from 'node:assert/strict'
import { test } from 'node:test'

import { effortPerCommit, parseScorerEffort } from './scorer-effort.ts'

const metrics = (events: number, commits: number, commitSeconds: number): string =>
  [
    '# HELP cordon_scorer_events_total Session events that were scored and committed.',
    `cordon_scorer_events_total ${events}`,
    'cordon_scorer_outputs_total 12',
    'cordon_scorer_commit_seconds_bucket{le="0.001"} 7',
    `cordon_scorer_commit_seconds_sum ${commitSeconds}`,
    `cordon_scorer_commit_seconds_count ${commits}`,
    'cordon_scorer_compute_seconds_sum 0.5',
    'cordon_scorer_event_age_seconds_sum 1e-1',
  ].join('\n')

test('tells means per commit between two readings', () => {
  const before = parseScorerEffort(metrics(100, 10, 1))
  const after = parseScorerEffort(metrics(300, 60, 1.1))
  assert.deepEqual(effortPerCommit(before, after), {
    commits: 50,
    eventsPerCommit: 4,
    appendToCommittedMean: 0,
    computeMean: 0,
    commitMean: 2,
  })
})

test('refuses metrics that lack something', () => {
  assert.throws(() => parseScorerEffort('cordon_scorer_events_total 1'), TypeError)
})
