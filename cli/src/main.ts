#!/usr/bin/env node
import { CordonError } from '@cordon/foundation'
import { Command, CommanderError } from 'commander'

import { addDemoCommand } from './commands/demo-command.ts'
import { addLearnCommand } from './commands/learn-command.ts'
import { addReplayCommand } from './commands/replay-command.ts'
import { addScoreCommand } from './commands/score-command.ts'
import { addUpCommand } from './commands/up-command.ts'
import { printableLines } from './terminal/printable.ts'
import { version } from './version.ts'

const usageExitCode = 2

const program = new Command('cordon')
  .description(
    'Keeps a cordon around every AI agent session: who calls on whose behalf, judged by behaviour, stopped in milliseconds.',
  )
  .version(version)
  .showHelpAfterError('See --help.')
  .exitOverride()
addUpCommand(program)
addDemoCommand(program)
addReplayCommand(program)
addScoreCommand(program)
addLearnCommand(program)
program.addHelpText(
  'after',
  '\nExit codes: 0, 1 where something could not be done, 2 where the command was not understood.',
)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // It has said itself what was wrong; asked for help it has given some.
    process.exitCode = error.exitCode === 0 ? 0 : usageExitCode
  } else {
    // What Cordon itself has to say reads as it is; anything else is a fault of ours and needs its stack.
    console.error(error instanceof CordonError ? `cordon: ${printableLines(error.message)}` : error)
    // What it was in the middle of may wait for what is gone.
    process.exit(1)
  }
}
