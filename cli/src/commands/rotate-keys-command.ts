import type { Command } from 'commander'

import { addOperatorFlags, identityOf, type OperatorFlags } from '../operator/operator-flags.ts'
import { rotateKeys } from '../operator/signing-keys.ts'
import { printable } from '../terminal/printable.ts'

/** `cordon rotate-keys` */
export const addRotateKeysCommand = (program: Command): void => {
  addOperatorFlags(
    program
      .command('rotate-keys')
      .summary('have identity sign with a new key, without a gap')
      .description(
        'Has identity publish the next key that signs session tokens, with the operators’ secret, and prints the ids of those that are ' +
          'published, one a line. It signs after a minute and a half, when everybody has it; the former one stays published for as ' +
          'long as something that it signed counts. Where one waits already, none is made.',
      ),
  ).action(async (flags: OperatorFlags) => {
    for (const keyId of await rotateKeys(await identityOf(flags))) console.log(printable(keyId))
  })
}
