import type { Command } from 'commander'

import { addOperatorFlags, identityOf, type OperatorFlags } from '../operator/operator-flags.ts'
import { rotationLines } from '../operator/rotation-lines.ts'
import { rotateKeys } from '../operator/signing-keys.ts'

/** `cordon rotate-keys` */
export const addRotateKeysCommand = (program: Command): void => {
  addOperatorFlags(
    program
      .command('rotate-keys')
      .summary('have identity sign with a new key, without a gap')
      .description(
        'Has identity publish the next key that signs session tokens, with the operators’ secret, and prints a line for each ' +
          'that is published: when it signs, and until when it is. The new one signs after a minute and a half, when everybody has it; the former one stays published ' +
          'for as long as something that it signed counts. Where one waits already, none is made.',
      ),
  ).action(async (flags: OperatorFlags) => {
    console.log(rotationLines(await rotateKeys(await identityOf(flags))).join('\n'))
  })
}
