import { RiskError } from '../risk-error.ts'
import { decodeSession, glanceAtSession } from './decode-session.ts'
import { encodeSession } from './encode-session.ts'
import { Session } from './session.ts'

export const seeds: readonly Buffer[] = [Buffer.from(encodeSession(new Session()))]

/** A session that can be written again, or the error that it states. */
export const run = (bytes: Buffer): void => {
  unlessRefused(() => void glanceAtSession(bytes))
  unlessRefused(() => void encodeSession(decodeSession(bytes)))
}

const unlessRefused = (read: () => void): void => {
  try {
    read()
  } catch (error) {
    if (!(error instanceof RiskError)) throw error
  }
}
