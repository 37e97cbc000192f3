import { CordonError } from '@cordon/foundation'

import { askSessionEnd } from './broker/session-end.ts'
import { socketPathIn } from './broker/socket-server.ts'
import type { Profile } from './config.ts'
import type { ConnectErrorCode } from './core/error-code.ts'
import { createLogInFile, logInFileIn } from './log-in/log-in-file.ts'
import { logOutNotice } from './log-in/log-out-notice.ts'

/**
 * Forgets the log-in of a profile, and ends the session of the process that holds one, whose keys and tokens exist there alone.
 * @param say for the human's eyes
 * @throws CordonError `LOG_OUT_INCOMPLETE`, `HOLDER_UNAVAILABLE`: what is kept here is gone all the same
 */
export const logOut = async (profile: Profile, say: (line: string) => void): Promise<void> => {
  const { folder, provider, identity } = profile
  const store = createLogInFile(logInFileIn(folder), provider)
  const logIn = await store.read()
  // First, so that whatever is opened from now on has to ask, and a log-in that is under way is not kept.
  const wasKept = await store.logOut()
  const ended = await askSessionEnd(socketPathIn(folder))
  for (const line of logOutNotice({ logIn, wasKept, ended, provider, identity })) say(line)
  if (ended?.isRecorded === false)
    throw new CordonError<ConnectErrorCode>(
      'LOG_OUT_INCOMPLETE',
      `session ${ended.sessionId}: expected identity to end it, got no answer; nobody renews it any more, so it ends there within minutes`,
      { retryable: true },
    )
}
