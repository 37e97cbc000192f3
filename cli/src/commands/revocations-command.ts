import type { Command } from 'commander'

import { revocations } from '../operator/kill-switch.ts'
import { addOperatorFlags, identityOf, type OperatorFlags } from '../operator/operator-flags.ts'
import { revocationLines } from '../operator/revocation-lines.ts'

/** `cordon revocations` */
export const addRevocationsCommand = (program: Command): void => {
  addOperatorFlags(
    program
      .command('revocations')
      .summary('list what the kill switch stops: since when, by whom and why')
      .description(
        'Asks identity, with the operators’ secret, for all that is stopped, and prints a line for each. What stands under SCOPE is what ' +
          '`cordon lift` takes.',
      ),
  ).action(async (flags: OperatorFlags) => {
    console.log(revocationLines(await revocations(await identityOf(flags))).join('\n'))
  })
}
