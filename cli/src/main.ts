#!/usr/bin/env node
import { Command, CommanderError } from 'commander'

import { CordonError } from '@cordon/foundation'
import { makeExitCertain } from '@cordon/lifecycle'

import { addConnectCommand } from './commands/connect-command.ts'
import { interruptedExitCode, unanswered } from './terminal/ask.ts'
import { sayFault } from './terminal/say-fault.ts'
import { version } from './version.ts'

makeExitCertain()

const usageExitCode = 2
const exitsAfterMs = 2_000

const program = new Command('cordon')
  .description(
    'Keeps a cordon around every AI agent session: who calls on whose behalf, judged by behaviour, stopped in milliseconds.',
  )
  .version(version)
  .showHelpAfterError('See --help.')
  .exitOverride()
// An MCP client starts one for each of its servers, and waits for all of them.
if (process.argv[2] !== 'connect') {
  const { otherCommands } = await import('./commands/other-commands.ts')
  for (const add of otherCommands) add(program)
}
addConnectCommand(program)
program.addHelpText(
  'after',
  '\nExit codes: 0, 1 where something could not be done, 2 where the command was not understood, 130 where a question was left.',
)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // It has said itself what was wrong; asked for help it has given some.
    process.exitCode = error.exitCode === 0 ? 0 : usageExitCode
  } else {
    sayFault(error)
    const isUnanswered = error instanceof CordonError && error.code === unanswered
    const exitCode = isUnanswered ? interruptedExitCode : 1
    process.exitCode = exitCode
    // What it was in the middle of may wait for what is gone. Not at once: `process.exit` can wait for ever for WebAssembly
    // that is being compiled.
    setTimeout(() => process.exit(exitCode), exitsAfterMs).unref()
  }
}
