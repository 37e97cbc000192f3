import type { Command } from 'commander'

import { revoke } from '../operator/kill-switch.ts'
import { addOperatorFlags, identityOf, type OperatorFlags } from '../operator/operator-flags.ts'
import { revokedLine, spellingWarning } from '../operator/revoked-line.ts'
import { scopeArgument } from '../operator/scope-argument.ts'

interface RevokeFlags extends OperatorFlags {
  readonly reason?: string
  readonly force?: true
}

/** `cordon revoke SCOPE` */
export const addRevokeCommand = (program: Command): void => {
  addOperatorFlags(
    program
      .command('revoke')
      .summary(
        'the kill switch: stop an agent, a human, a platform, a tool, a session, a grant or everything',
      )
      .description(
        'Throws the kill switch, with the operators’ secret: from now on every engine refuses what the scope names, and all that it ' +
          'handed work on to; of a tool its calls alone. Says how many open sessions that is. `cordon revocations` lists what is stopped, `cordon lift` lets it go on.',
      )
      .argument(
        '<scope>',
        'agent:…, human:…, platform:…, tool:<server>/<tool or *>, session:<id>, grant:… or everything; one with * in quotes',
        scopeArgument,
      )
      .option('--reason <text>', 'why, for whoever reads the list and the record; required')
      .option('--force', 'also where the scope names nobody of the bundle or of an open session'),
  ).action(async (scope: string, flags: RevokeFlags, command: Command) => {
    const { reason, force = false } = flags
    // Asked here, since commander would miss it before the scope, which says what this is about.
    if (reason === undefined) command.error("error: required option '--reason <text>' not specified")
    const revoked = await revoke(await identityOf(flags), { scope, reason, force })
    console.log(revokedLine(scope, revoked))
    const warning = spellingWarning(scope, revoked)
    if (warning !== undefined) console.error(warning)
  })
}
