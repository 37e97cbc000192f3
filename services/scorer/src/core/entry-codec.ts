import {
  decodeDraft,
  decodeSession,
  encodeDraft,
  encodeSession,
  glanceAtSession,
  type SessionEncoding,
  type SessionGlance,
} from '@cordon/risk'
import type { SessionState } from '@cordon/schemas'
import type { DecodedRecord, RecordCodec, StatefulProcessor } from '@cordon/stream'

import { isSession } from './scorer-state.ts'
import type { ScorerState } from './scorer-state.ts'
import type { SignedStanding } from './session-entry.ts'

export interface EntryCodec extends Pick<StatefulProcessor<ScorerState>, 'encodeState' | 'decodeState'> {
  /** Where the session of an encoded entry stands; undefined where it is none. */
  glance(value: Buffer): SessionGlance | undefined
}

/** What stands in a record that keeps no signature: before version 2, or where it is to be signed anew. */
const unsigned: SignedStanding = { standingVersion: -1, keyId: '', signature: Buffer.alloc(0) }

/**
 * Entries as they stand in `scorer-state`: the kernel's bytes, and beside them what the kernel does not look at.
 * @param encoding what is written; all that the kernel knows are read
 */
export const entryCodec = (codec: RecordCodec, encoding: SessionEncoding): EntryCodec => ({
  encodeState: state => {
    if (!isSession(state)) return codec.encode('scorer-state', 'ActiveBaseline', state)
    const { session, human, signed = unsigned } = state
    return codec.encode('scorer-state', 'SessionState', {
      human,
      encoding,
      state: encodeSession(session, encoding),
      draft: encodeDraft(session.draft),
      ...signed,
    })
  },

  decodeState: value => {
    const record = codec.decode(value)
    if (record.name === 'ActiveBaseline') return record.value
    const { state, draft, human, standingVersion, keyId, signature } = sessionRecord(record)
    const signed = keyId === '' ? undefined : { standingVersion, keyId, signature }
    // Written before there were lessons: it teaches what is still to come.
    const session = decodeSession(state, draft.length === 0 ? undefined : decodeDraft(draft))
    return { session, human, signed }
  },

  glance: value => {
    const record = codec.decode(value)
    return record.name === 'ActiveBaseline' ? undefined : glanceAtSession(sessionRecord(record).state)
  },
})

const sessionRecord = (record: DecodedRecord): SessionState => {
  if (record.name === 'SessionState') return record.value
  throw new TypeError(`expected a SessionState, got ${record.name}`)
}
