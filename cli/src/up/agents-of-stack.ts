import { fileURLToPath } from 'node:url'

import type { LocalHuman } from '@cordon/infra'
import type { Bundle } from '@cordon/policy'

/** What runs as the agent of whoever sits at the terminal: the `cordon` command, which every MCP client can start. */
export const connectCode: string = fileURLToPath(new URL('../main.ts', import.meta.url))

/** The agent of a bundle that somebody's own client is, where it has any: `my-agent`, or else the first. */
export const ownAgent = ({ identity }: Pick<Bundle, 'identity'>): string | undefined => {
  const agents = Object.keys(identity.agents)
  return agents.includes('my-agent') ? 'my-agent' : agents[0]
}

/** Every agent of a bundle of one's own runs behind `cordon connect`. */
export const ownAgentCode = ({ identity }: Pick<Bundle, 'identity'>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.keys(identity.agents).map(agent => [agent, connectCode]))

/** The groups of an OpenID provider that a bundle gives a meaning to. */
export const groupsWithMeaning = (
  provider: Bundle['identity']['providers'][string] | undefined,
): readonly string[] => {
  const { roles = [], entitlements = [], clearances = [] } = provider ?? {}
  const matches = [...roles, ...entitlements, ...clearances].filter(({ claim }) => claim === 'groups')
  return [...new Set(matches.map(({ value }) => value))]
}

/** Whoever sits at the terminal, with every group that a bundle of one's own gives a meaning to. */
export const ownHumans = ({ identity }: Pick<Bundle, 'identity'>): readonly LocalHuman[] => {
  const groups = groupsWithMeaning(identity.providers['local'])
  return [{ subject: 'me', name: 'me', email: 'me@localhost.example', groups }]
}
