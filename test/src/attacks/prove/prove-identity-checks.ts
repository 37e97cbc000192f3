import { openMutants } from './mutants.ts'
import { type AttackedCheck, type Proof, proveChecks } from './prove-checks.ts'

const here = (path: string): URL => new URL(path, import.meta.url)

/** Of the attacks in `../identity`. */
export const proveIdentityChecks = async (
  checks: readonly AttackedCheck[],
  onProof: (proof: Proof) => void,
): Promise<readonly Proof[]> => {
  const testModule = here('./test-module.ts')
  return proveChecks(checks, {
    mutants: openMutants({ root: here('../../../../'), testModule }),
    testModule,
    folder: here('../identity/'),
    onProof,
  })
}
