import type { DecisionKey } from '@cordon/decisions'
import type { BaselineVersion } from '@cordon/schemas'
import type { TaskEvents } from '@cordon/stream'
import type { Telemetry } from '@cordon/telemetry'

const seconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5] as const

/** One function per fact of the scorer: the log line and the metric of it. */
export interface ScorerEvents {
  keyNotInBundle(key: DecisionKey): void
  baselineUnreadable(problem: unknown): void
  baselineMissing(version: BaselineVersion): void
  baselinesLost(cause: unknown): void
}

export const scorerEvents = (telemetry: Telemetry): ScorerEvents => {
  const { log } = telemetry
  const unreadable = telemetry.counter({
    name: 'baselines_unreadable_total',
    help: 'Records of agent-baselines that are no baseline.',
  })
  const missing = telemetry.counter({
    name: 'baselines_missing_total',
    help: 'Look-ups of a version that nobody has any more: the session is judged as if nothing were known.',
  })
  return {
    // A new key is known to the readers first; until it is, nobody believes what it signs.
    keyNotInBundle: key =>
      log.error(
        { key },
        'the bundle does not name this key under decisionKeys: no reader believes what it signs',
      ),
    baselineUnreadable: problem => {
      unreadable.add(1)
      log.error({ error: problem }, 'no baseline')
    },
    baselineMissing: version => {
      missing.add(1)
      log.warn({ ...version }, 'baseline is gone')
    },
    baselinesLost: cause => log.error({ error: cause }, 'baselines are not followed any more'),
  }
}

/** One function per fact of the tasks that score. */
export const taskEvents = (telemetry: Telemetry): TaskEvents => {
  const { log } = telemetry
  const events = telemetry.counter({
    name: 'events_total',
    help: 'Session events that were scored and committed.',
  })
  const outputs = telemetry.counter({
    name: 'outputs_total',
    help: 'What followed and was published.',
  })
  const commits = telemetry.histogram({
    name: 'commit_seconds',
    help: 'One write of state, position and outbox.',
    buckets: seconds,
  })
  const computing = telemetry.histogram({
    name: 'compute_seconds',
    help: 'Computing one micro-batch.',
    buckets: seconds,
  })
  const age = telemetry.histogram({
    name: 'event_age_seconds',
    help: "From the broker's append of an event to its commit.",
    buckets: seconds,
  })
  const restores = telemetry.histogram({
    name: 'restore_seconds',
    help: 'Taking over one partition.',
    buckets: [...seconds, 30],
  })
  const queued = telemetry.gauge({
    name: 'queued_records',
    help: 'Events that wait for the commit under way.',
  })
  const poisoned = telemetry.counter({
    name: 'poisoned_total',
    help: 'Records that went to the dead letters.',
  })
  const lost = telemetry.counter({
    name: 'outputs_lost_total',
    help: 'Verdicts that could not be published in time.',
  })
  const delayed = telemetry.counter({
    name: 'outputs_delayed_total',
    help: 'Faults met while publishing; it goes on.',
  })
  const interrupted = telemetry.counter({
    name: 'interruptions_total',
    help: 'Times the input had to wait for a fault to pass.',
  })
  const fenced = telemetry.counter({
    name: 'fenced_total',
    help: 'Times a newer owner took a partition.',
  })
  const failed = telemetry.counter({
    name: 'failures_total',
    help: 'Times a task dropped its state and started anew.',
  })

  return {
    stateChanged: (partition, { from, to }) => log.debug({ partition, from, to }, 'task changed state'),
    restored: (partition, restored) => {
      restores.observe(restored.seconds)
      log.info({ partition, ...restored, position: Number(restored.position) }, 'partition taken over')
    },
    committed: (_partition, commit) => {
      events.add(commit.inputs)
      outputs.add(commit.outputs)
      commits.observe(commit.commitSeconds)
      computing.observe(commit.computeSeconds)
      age.observe(Math.max(0, Date.now() - commit.appendedAt) / 1000)
      queued.set(commit.queued)
    },
    poisoned: (partition, { offset, reason }) => {
      poisoned.add(1)
      log.warn({ partition, offset: Number(offset), reason }, 'record went to the dead letters')
    },
    interrupted: (partition, { cause, retryMs }) => {
      interrupted.add(1)
      log.warn({ partition, error: cause, retryMs }, 'input waits')
    },
    outputLost: (partition, { topic, cause }) => {
      lost.add(1)
      log.warn({ partition, topic, error: cause }, 'output lost')
    },
    outputDelayed: (partition, { topic, cause }) => {
      delayed.add(1)
      log.warn({ partition, topic, error: cause }, 'output delayed')
    },
    fenced: (partition, { cause }) => {
      fenced.add(1)
      log.warn({ partition, error: cause }, 'partition has a newer owner')
    },
    failed: (partition, { cause, retryMs }) => {
      failed.add(1)
      log.error({ partition, error: cause, retryMs }, 'task failed')
    },
  }
}
