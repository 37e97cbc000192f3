import { hasServer, type Bundle } from '@cordon/policy'

/** A tool server of the stack that an agent reaches nothing of. */
export interface UnreachedServer {
  readonly server: string
  /** Places of the bundle that name none of its tools. */
  readonly places: readonly string[]
}

type Reaching = Pick<Bundle, 'catalogue' | 'identity'>

/**
 * The servers whose every call would be refused, and where the bundle would have to name them: a call needs the catalogue, the agent, its
 * deployer and its human.
 * @param agent one that the bundle has
 * @param issuer of the OpenID provider at which the human signs in
 */
export const unreachedServers = (
  { catalogue, identity }: Reaching,
  {
    agent,
    issuer,
    servers,
  }: { readonly agent: string; readonly issuer: string; readonly servers: readonly string[] },
): readonly UnreachedServer[] => {
  const manifest = identity.agents[agent]
  const deployer = manifest?.deployer ?? ''
  const entitlements = identity.providers[issuer]?.entitlements ?? []
  const namedAt = (server: string): readonly (readonly [place: string, named: boolean])[] => [
    ['catalogue', hasServer(catalogue, server)],
    [`agents.${agent}.tools`, nameServer(manifest?.tools, server)],
    [`deployers.${deployer}.tools`, nameServer(identity.deployers[deployer]?.tools, server)],
    ['entitlements of a human', entitlements.some(({ tools }) => nameServer(tools, server))],
  ]
  return servers.flatMap(server => {
    const places = namedAt(server).flatMap(([place, named]) => (named ? [] : [place]))
    return places.length === 0 ? [] : [{ server, places }]
  })
}

const nameServer = (tools: readonly string[] | undefined, server: string): boolean =>
  (tools ?? []).some(tool => tool.startsWith(`${server}/`))
