import type { Standing } from '@cordon/schemas'

/** In the order of the session's encoding: append only. */
export const standings: readonly Standing[] = [
  'unknown',
  'trusted',
  'verify',
  'read_only',
  'suspended',
  'ended',
]
