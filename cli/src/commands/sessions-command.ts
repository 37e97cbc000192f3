import { join } from 'node:path'

import type { Command } from 'commander'

import { openSessions } from '../operator/open-sessions.ts'
import { sessionLines } from '../operator/session-lines.ts'
import { identityOfFolder, readOperatorSecret } from '../operator/stack-of-folder.ts'

interface SessionsFlags {
  readonly data: string
  readonly identity?: string
  readonly secretFile?: string
}

/** `cordon sessions` */
export const addSessionsCommand = (program: Command): void => {
  program
    .command('sessions')
    .summary('list the open sessions: who is at work, since when, and how each stands')
    .description(
      'Asks identity for every open session, with the operators’ secret, and prints a line for each, in the order in which they ' +
        'opened. What stands under SESSION, AGENT, PLATFORM and HUMAN is what the kill switch takes as session:…, agent:…, ' +
        'platform:… and human:… (docs/identity.md says how).',
    )
    .option('--data <folder>', 'that of `cordon up`: where identity’s address and the secret are', '.cordon')
    .option('--identity <url>', 'the identity service, by its public URL; default: that of the folder')
    .option('--secret-file <file>', 'default: keys/operator-secret in the folder')
    .action(async ({ data, identity, secretFile }: SessionsFlags) => {
      const address = identity ?? (await identityOfFolder(data))
      const secret = await readOperatorSecret(secretFile ?? join(data, 'keys', 'operator-secret'))
      console.log(sessionLines(await openSessions(address, secret)).join('\n'))
    })
}
