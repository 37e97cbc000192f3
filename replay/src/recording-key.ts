import { createHash, createSecretKey, type KeyObject } from 'node:crypto'

import type { TraceSession } from '@cordon/traces'

/**
 * The key that entities and words of recordings are compared under: the same for the same learned sessions, so that whoever scores or plays
 * them again gets the same, down to what a full filter takes for known. Who lacks these sessions cannot look values up.
 */
export const recordingKey = (lessons: readonly TraceSession[]): KeyObject => {
  const digest = createHash('sha256')
  for (const { agentId, calls } of lessons) {
    digest.update(agentId)
    for (const { tool, arguments: args, result } of calls)
      digest.update(tool).update(JSON.stringify(args)).update(result)
  }
  return createSecretKey(digest.digest())
}
