import type { Beat, GateVerdict, SessionDecision } from '@cordon/schemas'

/** What the scorer vouches for: from this version on the session has this standing. */
export type StandingClaim = Pick<SessionDecision, 'sessionId' | 'standing' | 'standingVersion'>

/** What the scorer vouches for each second: it lives, and is this far. */
export type BeatClaim = Pick<Beat, 'partition' | 'position' | 'beatAt'>

/** What the scorer vouches for: this one call of this session, at this engine, is to end so. */
export type VerdictClaim = Pick<GateVerdict, 'engineId' | 'sessionId' | 'invocationId' | 'verdict'>

// The prefix keeps a signature of one kind from being shown as one of another.
const bytesOf = (prefix: string, ...fields: readonly (string | number)[]): Buffer =>
  Buffer.from([prefix, ...fields].join('\0'), 'utf8')

export const standingBytes = ({ sessionId, standing, standingVersion }: StandingClaim): Buffer =>
  bytesOf('cordon/standing/v1', sessionId, standing, standingVersion)

export const beatBytes = ({ partition, position, beatAt }: BeatClaim): Buffer =>
  bytesOf('cordon/beat/v1', partition, position, beatAt)

export const verdictBytes = ({ engineId, sessionId, invocationId, verdict }: VerdictClaim): Buffer =>
  bytesOf('cordon/verdict/v1', engineId, sessionId, invocationId, verdict)
