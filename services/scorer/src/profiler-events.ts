import type { TaskEvents } from '@cordon/stream'
import type { Telemetry } from '@cordon/telemetry'

/** One function per fact of the tasks that learn: fewer are counted, because nobody waits for them. */
export const profilerEvents = (telemetry: Telemetry): Partial<TaskEvents> => {
  const { log } = telemetry
  const inputs = telemetry.counter({
    name: 'profiler_inputs_total',
    help: 'Contributions, findings and ticks that the profiler took in.',
  })
  const outputs = telemetry.counter({
    name: 'profiler_outputs_total',
    help: 'Baselines that it published, and lessons that it passed on.',
  })
  const poisoned = telemetry.counter({
    name: 'profiler_poisoned_total',
    help: 'Records of baseline-contributions that went to the dead letters.',
  })
  const failed = telemetry.counter({
    name: 'profiler_failures_total',
    help: 'Times a task of the profiler dropped its state and started anew.',
  })
  return {
    committed: (_partition, commit) => {
      inputs.add(commit.inputs)
      outputs.add(commit.outputs)
    },
    poisoned: (partition, { offset, reason }) => {
      poisoned.add(1)
      log.warn({ partition, offset: Number(offset), reason }, 'contribution went to the dead letters')
    },
    interrupted: (partition, { cause, retryMs }) =>
      log.warn({ partition, error: cause, retryMs }, 'profiler waits'),
    outputDelayed: (partition, { topic, cause }) =>
      log.warn({ partition, topic, error: cause }, 'output of the profiler delayed'),
    fenced: (partition, { cause }) =>
      log.warn({ partition, error: cause }, 'partition of the profiler has a newer owner'),
    failed: (partition, { cause, retryMs }) => {
      failed.add(1)
      log.error({ partition, error: cause, retryMs }, 'profiler failed')
    },
  }
}
