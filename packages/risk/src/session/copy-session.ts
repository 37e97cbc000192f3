import { decodeDraft, encodeDraft } from '../lesson/draft-bytes.ts'
import { decodeSession } from './decode-session.ts'
import { encodeSession } from './encode-session.ts'
import type { Session } from './session.ts'

/** A session of the same state that changes on its own. */
export const copySession = (session: Session): Session =>
  decodeSession(encodeSession(session), decodeDraft(encodeDraft(session.draft)))
