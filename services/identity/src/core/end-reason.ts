/**
 * Why a session ended, as its log says: `closed` by whoever holds it, `expired` at its longest life, `idle` without a call
 * for long, `not-renewed` by its platform, `parent-ended` with the session whose agent started it, `logged-out` with the
 * human's session at the provider, `abandoned` where its opening failed.
 */
export type EndReason =
  'closed' | 'expired' | 'idle' | 'not-renewed' | 'parent-ended' | 'logged-out' | 'abandoned'

export const endReasons: readonly EndReason[] = [
  'closed',
  'expired',
  'idle',
  'not-renewed',
  'parent-ended',
  'logged-out',
  'abandoned',
]
