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
