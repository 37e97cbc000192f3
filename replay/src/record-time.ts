import type { LoggedRecord } from '@cordon/engine'

/** When a record was recorded, by the engine's clock. Milliseconds since the Unix epoch. */
export const recordTime = (record: LoggedRecord): number => {
  switch (record.name) {
    case 'InvocationAttempted':
      return record.value.attemptedAt
    case 'InvocationCompleted':
      return record.value.completedAt
    case 'InvocationDenied':
      return record.value.deniedAt
    case 'StandingReplayed':
      return record.value.seenAt
  }
}
