import type { StatedDifferences } from './comparison.ts'
import type { Era } from './conformance-era.ts'
import type { Transport } from './conformance-world.ts'

/** What does not go as it does directly, by what the server behind Cordon speaks; as little as can be. */
export const statedDifferences: Readonly<Record<Era, Readonly<Record<Transport, StatedDifferences>>>> = {
  sessions: {
    http: {},
    stdio: {
      'server-sse-multiple-streams': 'what is answered at once is one JSON answer and no stream',
      'server-sse-polling': 'a pipe has nothing to resume from, so no event gets an id',
    },
  },
  stateless: { http: {}, stdio: {} },
}
