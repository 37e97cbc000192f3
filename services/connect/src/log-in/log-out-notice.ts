import type { SessionEnd } from '../broker/session-end.ts'
import type { LogIn } from '../ports.ts'
import { humanNamedIn } from './signed-in-notice.ts'

/** What a log-out did, and what it could not do from here. */
export const logOutNotice = (did: {
  readonly logIn: LogIn | undefined
  /** Something was there, readable or not. */
  readonly wasKept: boolean
  readonly ended: SessionEnd | undefined
  readonly provider: string
  readonly identity: string
}): readonly string[] => {
  const { logIn, wasKept, ended, provider, identity } = did
  if (!wasKept && ended === undefined)
    return ['Nobody was logged in: no log-in was kept, and no session was open.']
  const browser =
    provider === `${identity}/oidc`
      ? `A browser may be signed in yet: ${provider}/logout ends that too, with every session of the same log-in.`
      : `A browser may be signed in yet, at ${provider}.`
  return [
    logInLine(logIn, wasKept),
    ended === undefined
      ? 'No session was open.'
      : `Session ${ended.sessionId} ${ended.isRecorded ? 'has ended' : 'is given up'}; the next request of a client asks for a log-in.`,
    browser,
  ]
}

const logInLine = (logIn: LogIn | undefined, wasKept: boolean): string => {
  if (logIn !== undefined) return `Logged out: the log-in of ${humanNamedIn(logIn.idToken)} is forgotten.`
  return wasKept
    ? 'Logged out: what was kept could not be used, and is gone.'
    : 'Logged out: no log-in was kept.'
}
