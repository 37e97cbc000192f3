import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { Stack } from '@cordon/infra'
import { replaceOwnerFile } from '@cordon/owner-files'

import { connectCode, ownAgent } from './agents-of-stack.ts'

/** What a client of one's own needs to get through this stack. */
export interface ConnectProfile {
  readonly file: string
  readonly agent: string
}

/**
 * Writes what `cordon connect` reads: where to log in, as which agent, with whose word for the code that runs.
 * @param folder of the run
 * @returns nothing where the bundle has no agent
 */
export const writeConnectProfile = async (
  folder: string,
  stack: Stack,
  servers: readonly string[],
): Promise<ConnectProfile | undefined> => {
  const file = join(folder, 'connect.json')
  // The stack of one that is there is gone.
  await rm(file, { force: true })
  const agent = ownAgent(stack.bundle)
  const manifest = agent === undefined ? undefined : stack.bundle.identity.agents[agent]
  if (agent === undefined || manifest === undefined) return undefined
  const { platform, tools } = manifest
  const profile = {
    identity: stack.identityUrl,
    provider: `${stack.identityUrl}/oidc`,
    proxy: stack.proxyUrl,
    platform,
    agent,
    tools: tools.filter(tool => servers.some(server => tool.startsWith(`${server}/`))),
    attester: stack.attester,
    codeFile: connectCode,
    ...(stack.humans !== undefined && { passwordsFile: stack.humans.passwordsFile }),
  }
  await replaceOwnerFile(file, `${JSON.stringify(profile, null, 2)}\n`)
  return { file, agent }
}
