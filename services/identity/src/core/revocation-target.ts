import { isSessionId } from '@cordon/foundation'
import { type Bundle, findCatalogueEntry, hasServer, toolNamePattern } from '@cordon/policy'
import { directHuman, principalScopes } from '@cordon/tokens'

import type { SessionStore } from '../ports/session-store.ts'
import { covers, serverOf } from './grant-tools.ts'
import type { HeldSession } from './held-session.ts'
import { isKeptName } from './kept-values.ts'
import { principalOf } from './principal-of.ts'
import { isToolRevoked, type revocationKinds, type RevocationScope } from './revocation-scope.ts'

/** What a kill switch would stop. */
export interface RevocationTarget {
  /** Whether the bundle, or an open session, has anything of that name. */
  readonly isKnown: boolean
  /** Sessions that it stops, or takes a tool from, at once. */
  readonly openSessions: number
  /** Those of them that are not renewed either: a session goes on without a tool, but not where its grant names what is stopped. */
  readonly notRenewed: number
  /** Of a tool that nothing names but the entry or grant of its whole server: that one, `server/*`. A slip of the pen would look the same. */
  readonly knownThrough: string | undefined
}

const kindOf = (scope: RevocationScope): string => scope.slice(0, scope.indexOf(':'))
const idOf = (scope: RevocationScope): string => scope.slice(scope.indexOf(':') + 1)

/** Whether a text is a scope that a kill switch can name: what stands there to the letter, or it would stop nothing. */
export const isRevocationScope = (text: string): boolean => {
  const id = idOf(text)
  if (!isKeptName(id)) return false
  switch (kindOf(text) as (typeof revocationKinds)[number]) {
    case 'everything':
      return id === '*'
    case 'tool':
      return toolNamePattern.test(id)
    case 'session':
      return isSessionId(id)
    case 'agent':
    case 'human':
    case 'platform':
    case 'grant':
      return true
    default:
      return false
  }
}

/** Whom and what a scope names here and now. */
export const revocationTarget = async (
  scope: RevocationScope,
  bundle: Bundle | undefined,
  store: Pick<SessionStore, 'open'>,
): Promise<RevocationTarget> => {
  let openSessions = 0
  let notRenewed = 0
  for await (const session of store.open()) {
    if (!isHit(scope, session)) continue
    openSessions += 1
    if (kindOf(scope) !== 'tool' || isGranted(scope, session)) notRenewed += 1
  }
  const isKnown = openSessions > 0 || (bundle !== undefined && isNamed(scope, bundle))
  const isByName = notRenewed > 0 || (bundle !== undefined && Object.hasOwn(bundle.catalogue, idOf(scope)))
  const isOneTool = kindOf(scope) === 'tool' && !scope.endsWith('/*')
  const knownThrough = isKnown && isOneTool && !isByName ? `${serverOf(idOf(scope))}/*` : undefined
  return { openSessions, notRenewed, isKnown, knownThrough }
}

/** Whether a grant names what the scope of a tool takes away, as renewal asks. */
const isGranted = (scope: RevocationScope, { tools }: HeldSession): boolean => {
  const revoked = new Set([scope])
  return tools.some(tool => isToolRevoked(revoked, tool))
}

const isHit = (scope: RevocationScope, session: HeldSession): boolean => {
  if (kindOf(scope) !== 'tool') return principalScopes(principalOf(session)).includes(scope)
  const tool = idOf(scope)
  const isServer = tool.endsWith('/*')
  return isServer
    ? session.tools.some(each => serverOf(each) === serverOf(tool))
    : covers(session.tools, tool)
}

const isNamed = (scope: RevocationScope, { identity, catalogue }: Bundle): boolean => {
  const id = idOf(scope)
  switch (kindOf(scope)) {
    case 'everything':
      return true
    case 'agent':
      return id === directHuman || Object.hasOwn(identity.agents, id)
    case 'platform':
      return (
        Object.values(identity.agents).some(({ platform }) => platform === id) ||
        Object.values(identity.providers).some(
          ({ directAudiences }) => directAudiences?.includes(id) === true,
        )
      )
    case 'human':
      return Object.values(identity.sponsors).some(({ human }) => human === id)
    case 'tool':
      return id.endsWith('/*')
        ? hasServer(catalogue, serverOf(id))
        : findCatalogueEntry(catalogue, serverOf(id), id.slice(serverOf(id).length + 1)) !== undefined
    default:
      return false
  }
}
