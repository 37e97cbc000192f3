import { type Principal, principalScopes } from '@cordon/tokens'

import { serverOf } from './grant-tools.ts'

/** `<kind>:<id>`, or `everything:*`. */
export type RevocationScope = string

export const revocationKinds = [
  'agent',
  'human',
  'platform',
  'tool',
  'session',
  'grant',
  'everything',
] as const

/** Scopes that may not act at present. */
export type ActiveRevocations = ReadonlySet<RevocationScope>

/** @returns the scope that forbids a principal to go on, where there is one: its own, or one of whoever handed work on to it */
export const revokedScope = (active: ActiveRevocations, principal: Principal): RevocationScope | undefined =>
  principalScopes(principal).find(scope => active.has(scope))

export const isToolRevoked = (active: ActiveRevocations, tool: string): boolean =>
  active.has(`tool:${tool}`) || active.has(`tool:${serverOf(tool)}/*`)

/** Whether a text is a scope that a kill switch can name. */
export const isRevocationScope = (text: string): boolean => {
  const kind = text.slice(0, text.indexOf(':'))
  const id = text.slice(kind.length + 1)
  if (!(revocationKinds as readonly string[]).includes(kind) || id.length === 0 || id.length > 512)
    return false
  return kind !== 'everything' || id === '*'
}
