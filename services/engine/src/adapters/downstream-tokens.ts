import { createDownstreamIssuer, type DownstreamIssuer, type DownstreamKey } from '@cordon/tokens'

import type { DownstreamTokens } from '../ports.ts'

/**
 * @param issuer of the deployment: engines speak to tool servers in a name of their own below it
 * @param keys what signs at a moment
 */
export const createDownstreamTokens = (
  issuer: string,
  keys: { current(now: number): DownstreamKey },
): DownstreamTokens => {
  let made: { readonly key: DownstreamKey; readonly tokens: DownstreamIssuer } | undefined
  return {
    issue(principal, call, now) {
      const key = keys.current(now)
      if (made?.key !== key)
        made = { key, tokens: createDownstreamIssuer({ issuer: `${issuer}/engines`, key }) }
      return made.tokens.issue(principal, call, now)
    },
  }
}
