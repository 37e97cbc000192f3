import { openDecisionSigner, type DecisionSigner } from '@cordon/decisions'

/** The scorer's key in every process of a bench, and in none besides. */
export const benchSeed: Buffer = Buffer.alloc(32, 2)
export const benchSigner: DecisionSigner = openDecisionSigner(benchSeed)
