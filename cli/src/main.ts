#!/usr/bin/env node
import { CordonError } from '@cordon/foundation'
import { Command } from 'commander'

import { addDemoCommand } from './commands/demo-command.ts'
import { addReplayCommand } from './commands/replay-command.ts'
import { addUpCommand } from './commands/up-command.ts'
import { printableLines } from './terminal/printable.ts'

const program = new Command('cordon')
  .description(
    'Keeps a cordon around every AI agent session: who calls on whose behalf, judged by behaviour, stopped in milliseconds.',
  )
  .showHelpAfterError()
addUpCommand(program)
addDemoCommand(program)
addReplayCommand(program)

try {
  await program.parseAsync()
} catch (error) {
  // What Cordon itself has to say reads as it is; anything else is a fault of ours and needs its stack.
  console.error(error instanceof CordonError ? `cordon: ${printableLines(error.message)}` : error)
  process.exitCode = 1
}
