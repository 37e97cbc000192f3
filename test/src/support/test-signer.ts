import { openDecisionSigner, type BeatClaim, type DecisionSigner } from '@cordon/decisions'
import type { Beat, SessionDecision, Standing } from '@cordon/schemas'

const seed = Buffer.alloc(32, 3)

/** The scorer's key of a test, as its file and as bundles name it. */
export const testSeed: string = seed.toString('base64url')
export const testSigner: DecisionSigner = openDecisionSigner(seed)

interface Told {
  readonly sessionId: string
  readonly version: number
  readonly standing: Standing
  readonly causedBy?: string | undefined
}

/** A decision as the scorer makes it; its standing begins with it. */
export const decisionOf = (
  { sessionId, version, standing, causedBy }: Told,
  signer: DecisionSigner = testSigner,
): SessionDecision => ({
  sessionId,
  version,
  standing,
  score: 1,
  evidence: 0,
  contributions: [],
  decidedAt: Date.now(),
  causedBy: causedBy ?? null,
  baselineVersion: 1,
  baselineSessions: -1,
  thresholdBasis: 'bundle',
  bundleVersion: 1,
  standingVersion: version,
  ...signer.sign({ sessionId, standing, standingVersion: version }),
})

export const beatOf = (beat: BeatClaim, signer: DecisionSigner = testSigner): Beat => ({
  ...beat,
  ...signer.signBeat(beat),
})
