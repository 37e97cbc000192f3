/** What the scorer says it did: counts and total milliseconds since it started. */
export interface ScorerEffort {
  readonly events: number
  readonly outputs: number
  readonly commits: number
  readonly computeMs: number
  readonly commitMs: number
  /** Of all micro-batches: from the broker's append of the last event to its commit. The broker's clock has whole milliseconds. */
  readonly ageMs: number
}

/** Reads it from the scorer's metrics, in Prometheus's text format. */
export const parseScorerEffort = (metrics: string): ScorerEffort => {
  const value = (name: string): number => {
    const line = metrics.split('\n').find(text => text.startsWith(`cordon_scorer_${name} `))
    if (line === undefined) throw new TypeError(`scorer metrics: expected ${name}, got none`)
    return Number(line.slice(line.lastIndexOf(' ') + 1))
  }
  return {
    events: value('events_total'),
    outputs: value('outputs_total'),
    commits: value('commit_seconds_count'),
    computeMs: value('compute_seconds_sum') * 1000,
    commitMs: value('commit_seconds_sum') * 1000,
    ageMs: value('event_age_seconds_sum') * 1000,
  }
}

/** Per micro-batch, between two readings. */
export const effortPerCommit = (before: ScorerEffort, after: ScorerEffort): Record<string, number> => {
  const commits = after.commits - before.commits
  const mean = (key: keyof ScorerEffort): number =>
    Math.round(((after[key] - before[key]) / commits) * 100) / 100
  return {
    commits,
    eventsPerCommit: mean('events'),
    appendToCommittedMean: mean('ageMs'),
    computeMean: mean('computeMs'),
    commitMean: mean('commitMs'),
  }
}
