import { decodeSession, encodeSession, sessionEncoding } from '@cordon/risk'
import type { RecordCodec, StatefulProcessor } from '@cordon/stream'

import type { SessionEntry } from './session-entry.ts'

/** Entries as they stand in `scorer-state`: the kernel's bytes, and beside them what the kernel does not look at. */
export const entryCodec = (
  codec: RecordCodec,
): Pick<StatefulProcessor<SessionEntry>, 'encodeState' | 'decodeState'> => ({
  encodeState: ({ session, human }) =>
    codec.encode('scorer-state', 'SessionState', {
      human,
      encoding: sessionEncoding,
      state: bufferOf(encodeSession(session)),
    }),

  decodeState: value => {
    const record = codec.decode(value)
    if (record.name !== 'SessionState') throw new TypeError(`expected a SessionState, got ${record.name}`)
    return { session: decodeSession(record.value.state), human: record.value.human }
  },
})

// The same bytes, not a copy of them.
const bufferOf = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length)
