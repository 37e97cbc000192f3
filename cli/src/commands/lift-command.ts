import type { Command } from 'commander'

import { lift } from '../operator/kill-switch.ts'
import { liftedLine } from '../operator/lifted-line.ts'
import { addOperatorFlags, identityOf, type OperatorFlags } from '../operator/operator-flags.ts'
import { scopeArgument } from '../operator/scope-argument.ts'

/** `cordon lift SCOPE` */
export const addLiftCommand = (program: Command): void => {
  addOperatorFlags(
    program
      .command('lift')
      .summary('take the kill switch back: let what was stopped go on')
      .description(
        'Takes a `cordon revoke` back, with the operators’ secret. Sessions that ended meanwhile stay ended; what another scope stops stays stopped.',
      )
      .argument('<scope>', 'as `cordon revocations` lists it', scopeArgument),
  ).action(async (scope: string, flags: OperatorFlags) => {
    console.log(liftedLine(scope, await lift(await identityOf(flags), scope)))
  })
}
