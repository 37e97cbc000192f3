import type { Provider, UnknownObject } from 'oidc-provider'

/**
 * Parameters of an authorization request and claims of the ID token that follows from it: the agent and the tools that the log-in is for.
 * The human saw them and said yes to them, so the token is good for nothing else.
 */
export const agentClaim = 'cordon_agent'
export const toolsClaim = 'cordon_tools'

/** Where a grant keeps them: as the scope of a resource that no request can name. */
const resource = 'urn:cordon:consent'

type Grant = InstanceType<Provider['Grant']>

/** Keeps with a grant what the human said yes to. */
export const keepConsent = (grant: Grant, parameters: UnknownObject): void => {
  for (const name of [agentClaim, toolsClaim]) {
    const value = parameters[name]
    // Scopes are separated by spaces and unordered: one scope holds the whole.
    if (typeof value === 'string') grant.addResourceScope(`${resource}:${name}`, encodeURIComponent(value))
  }
}

/** The claims of what the human said yes to; none where the program named nothing. */
export const consentOf = async (provider: Provider, grantId: string | undefined): Promise<UnknownObject> => {
  const grant = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  const kept = (name: string): string =>
    grant === undefined ? '' : decodeURIComponent(grant.getResourceScope(`${resource}:${name}`))
  const agent = kept(agentClaim)
  const tools = kept(toolsClaim)
  return {
    ...(agent !== '' && { [agentClaim]: agent }),
    ...(tools !== '' && { [toolsClaim]: tools.split(' ') }),
  }
}
