import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { Stack } from '@cordon/infra'
import { replaceOwnerFile } from '@cordon/owner-files'

import { connectCode, ownAgent } from './agents-of-stack.ts'

/** What a client of one's own needs to get through this stack. */
export interface ConnectProfile {
  readonly file: string
  readonly agent: string
}

/** The stack of one that is there is gone. */
const writtenName = /^connect(-.+)?\.json$/

/**
 * Writes what `cordon connect` reads, for each agent of the bundle that a client can be: where to log in, as which agent, with whose word for
 * the code that runs. `connect.json` is of the agent that somebody's own client is where nothing else is said, `connect-<agent>.json` of another.
 * @param folder of the run
 * @returns that of `connect.json` first; nothing where the bundle has no agent
 */
export const writeConnectProfiles = async (
  folder: string,
  stack: Pick<Stack, 'bundle' | 'identityUrl' | 'proxyUrl' | 'attester' | 'agentCode' | 'humans'>,
  servers: readonly string[],
): Promise<readonly ConnectProfile[]> => {
  const earlier = (await readdir(folder)).filter(name => writtenName.test(name))
  await Promise.all(earlier.map(name => rm(join(folder, name))))
  const { agents } = stack.bundle.identity
  const first = ownAgent(stack.bundle)
  const profiles = Object.entries(agents).flatMap(([agent, { platform, tools }]) => {
    const reached = tools.filter(tool => servers.some(server => tool.startsWith(`${server}/`)))
    // The demo's others are scripts; a profile without tools is none.
    if (agent !== first && (stack.agentCode[agent] !== connectCode || reached.length === 0)) return []
    const name = agent === first ? 'connect' : `connect-${encodeURIComponent(agent)}`
    const text = {
      identity: stack.identityUrl,
      provider: `${stack.identityUrl}/oidc`,
      proxy: stack.proxyUrl,
      platform,
      agent,
      tools: reached,
      attester: stack.attester,
      codeFile: connectCode,
      ...(stack.humans !== undefined && { passwordsFile: stack.humans.passwordsFile }),
    }
    return [{ file: join(folder, `${name}.json`), agent, text }]
  })
  await Promise.all(
    profiles.map(({ file, text }) => replaceOwnerFile(file, `${JSON.stringify(text, null, 2)}\n`)),
  )
  return profiles
    .map(({ file, agent }) => ({ file, agent }))
    .sort((a, b) => Number(b.agent === first) - Number(a.agent === first))
}
