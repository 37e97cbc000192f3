import {
  decodeSession,
  encodeSession,
  glanceAtSession,
  sessionEncoding,
  type SessionGlance,
} from '@cordon/risk'
import type { SessionState } from '@cordon/schemas'
import type { RecordCodec, StatefulProcessor } from '@cordon/stream'

import type { SessionEntry } from './session-entry.ts'

export interface EntryCodec extends Pick<StatefulProcessor<SessionEntry>, 'encodeState' | 'decodeState'> {
  /** Where the session of an encoded entry stands. */
  glance(value: Buffer): SessionGlance
}

/** Entries as they stand in `scorer-state`: the kernel's bytes, and beside them what the kernel does not look at. */
export const entryCodec = (codec: RecordCodec): EntryCodec => ({
  encodeState: ({ session, human }) =>
    codec.encode('scorer-state', 'SessionState', {
      human,
      encoding: sessionEncoding,
      state: bufferOf(encodeSession(session)),
    }),

  decodeState: value => {
    const { state, human } = stateRecord(codec, value)
    return { session: decodeSession(state), human }
  },

  glance: value => glanceAtSession(stateRecord(codec, value).state),
})

const stateRecord = (codec: RecordCodec, value: Buffer): SessionState => {
  const record = codec.decode(value)
  if (record.name === 'SessionState') return record.value
  throw new TypeError(`expected a SessionState, got ${record.name}`)
}

// The same bytes, not a copy of them.
const bufferOf = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length)
