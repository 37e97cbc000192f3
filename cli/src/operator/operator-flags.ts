import { join } from 'node:path'

import type { Command } from 'commander'

import { createIdentityClient, type IdentityClient } from './identity-client.ts'
import { identityOfFolder, readOperatorSecret } from './stack-of-folder.ts'

/** Which identity, and with which secret: the same for every command of operators. */
export interface OperatorFlags {
  readonly data: string
  readonly identity?: string
  readonly secretFile?: string
}

/** The secret is never an argument: whoever may list processes reads those. */
export const addOperatorFlags = (command: Command): Command =>
  command
    .option('--data <folder>', 'that of `cordon up`: where identity’s address and the secret are', '.cordon')
    .option('--identity <url>', 'the identity service, by its public URL; default: that of the folder')
    .option('--secret-file <file>', 'default: keys/operator-secret in the folder')

/** @throws CordonError as `identityOfFolder`, `readOperatorSecret`; AgentClientError `URL_INSECURE` */
export const identityOf = async ({ data, identity, secretFile }: OperatorFlags): Promise<IdentityClient> => {
  const address = identity ?? (await identityOfFolder(data))
  return createIdentityClient(
    address,
    await readOperatorSecret(secretFile ?? join(data, 'keys', 'operator-secret')),
  )
}
