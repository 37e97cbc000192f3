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

/** @returns the scopes that forbid a principal to go on: its own, and those of whoever handed work on to it */
export const revokedScopes = (active: ActiveRevocations, principal: Principal): readonly RevocationScope[] =>
  principalScopes(principal).filter(scope => active.has(scope))

/** @returns the first of them, where there is one */
export const revokedScope = (active: ActiveRevocations, principal: Principal): RevocationScope | undefined =>
  revokedScopes(active, principal)[0]

export const isToolRevoked = (active: ActiveRevocations, tool: string): boolean =>
  active.has(`tool:${tool}`) || active.has(`tool:${serverOf(tool)}/*`)
