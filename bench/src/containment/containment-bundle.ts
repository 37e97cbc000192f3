import type { Bundle } from '@cordon/policy'

import { plainBundle } from '../stack/plain-bundle.ts'

/**
 * Three tools, and thresholds at which passing one value on from a result into a sensitive call suspends the session.
 * Sending is not gated: the call passes, and what counts is the next one.
 */
export const containmentBundle: Bundle = {
  ...plainBundle,
  catalogue: {
    'files/read': {
      readOnly: true,
      sensitivity: 1,
      mode: 'enforce',
      resources: [{ kind: 'path', argument: 'path', syntax: 'path' }],
    },
    'files/list': { readOnly: true, sensitivity: 0, mode: 'enforce', resources: [] },
    'mail/send': {
      readOnly: false,
      sensitivity: 2,
      mode: 'enforce',
      resources: [{ kind: 'recipient', argument: 'to', syntax: 'email' }],
    },
  },
  // Nobody has learned what the agent does: of one, where a value came from speaks less.
  thresholds: { verify: 0.5, readOnly: 0.75, suspend: 1 },
}
