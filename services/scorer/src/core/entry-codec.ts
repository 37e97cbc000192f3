import {
  decodeSession,
  encodeSession,
  glanceAtSession,
  type SessionEncoding,
  type SessionGlance,
} from '@cordon/risk'
import type { SessionState } from '@cordon/schemas'
import type { RecordCodec, StatefulProcessor } from '@cordon/stream'

import type { SessionEntry, SignedStanding } from './session-entry.ts'

export interface EntryCodec extends Pick<StatefulProcessor<SessionEntry>, 'encodeState' | 'decodeState'> {
  /** Where the session of an encoded entry stands. */
  glance(value: Buffer): SessionGlance
}

/** What stands in a record that keeps no signature: before version 2, or where it is to be signed anew. */
const unsigned: SignedStanding = { standingVersion: -1, keyId: '', signature: Buffer.alloc(0) }

/**
 * Entries as they stand in `scorer-state`: the kernel's bytes, and beside them what the kernel does not look at.
 * @param encoding what is written; all that the kernel knows are read
 */
export const entryCodec = (codec: RecordCodec, encoding: SessionEncoding): EntryCodec => ({
  encodeState: ({ session, human, signed = unsigned }) =>
    codec.encode('scorer-state', 'SessionState', {
      human,
      encoding,
      state: bufferOf(encodeSession(session, encoding)),
      ...signed,
    }),

  decodeState: value => {
    const { state, human, standingVersion, keyId, signature } = stateRecord(codec, value)
    const signed = keyId === '' ? undefined : { standingVersion, keyId, signature }
    return { session: decodeSession(state), human, signed }
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
