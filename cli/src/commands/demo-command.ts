import type { Command } from 'commander'

import { up } from '../up/up.ts'

/** `cordon demo` */
export const addDemoCommand = (program: Command): void => {
  program
    .command('demo')
    .summary('play the live scenario once, on a throw-away stack')
    .description(
      'Plays the live scenario of `cordon up` once, on a stack that is thrown away, and ends. Exits with 1 if the hijacked ' +
        'session was not stopped, or an ordinary one was held.',
    )
    .action(async () => up({ environment: process.env, scenario: 'once' }))
}
