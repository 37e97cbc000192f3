import type { Command } from 'commander'

import { openSessions } from '../operator/open-sessions.ts'
import { addOperatorFlags, identityOf, type OperatorFlags } from '../operator/operator-flags.ts'
import { sessionLines } from '../operator/session-lines.ts'

/** `cordon sessions` */
export const addSessionsCommand = (program: Command): void => {
  addOperatorFlags(
    program
      .command('sessions')
      .summary('list the open sessions: who is at work, since when, and how each stands')
      .description(
        'Asks identity for every open session, with the operators’ secret, and prints a line for each, in the order in which they ' +
          'opened. What stands under SESSION, AGENT, PLATFORM and HUMAN is what `cordon revoke` takes as session:…, agent:…, ' +
          'platform:… and human:….',
      ),
  ).action(async (flags: OperatorFlags) => {
    console.log(sessionLines(await openSessions(await identityOf(flags))).join('\n'))
  })
}
