import type { Command } from 'commander'

import { addDemoCommand } from './demo-command.ts'
import { addHumanCommand } from './human-command.ts'
import { addLearnCommand } from './learn-command.ts'
import { addLiftCommand } from './lift-command.ts'
import { addPinCommand } from './pin-command.ts'
import { addReplayCommand } from './replay-command.ts'
import { addRevocationsCommand } from './revocations-command.ts'
import { addRevokeCommand } from './revoke-command.ts'
import { addRotateKeysCommand } from './rotate-keys-command.ts'
import { addScoreCommand } from './score-command.ts'
import { addSessionsCommand } from './sessions-command.ts'
import { addUpCommand } from './up-command.ts'

/** Every subcommand but `connect`, in the order of the help text: they load the whole of Cordon. */
export const otherCommands: readonly ((program: Command) => void)[] = [
  addUpCommand,
  addDemoCommand,
  addSessionsCommand,
  addRevokeCommand,
  addRevocationsCommand,
  addLiftCommand,
  addRotateKeysCommand,
  addHumanCommand,
  addReplayCommand,
  addScoreCommand,
  addLearnCommand,
  addPinCommand,
]
