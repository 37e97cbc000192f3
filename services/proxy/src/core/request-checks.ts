import type { AgentRequest } from './agent-request.ts'
import type { Rejection } from './answer.ts'
import { checkAccept } from './checks/check-accept.ts'
import { checkContentType } from './checks/check-content-type.ts'
import { checkHost } from './checks/check-host.ts'
import { checkMethod } from './checks/check-method.ts'
import { checkOrigin } from './checks/check-origin.ts'
import { checkToken } from './checks/check-token.ts'

/** What the proxy knows of itself when it looks at a request. */
export interface RequestContext {
  /** Names by which agents may reach the proxy, without ports. */
  readonly hosts: ReadonlySet<string>
  /** Where the metadata of the asked server stands. */
  readonly metadataUrl: string
}

/** One thing that a request has to be; answers where it is not. */
export type RequestCheck = (request: AgentRequest, context: RequestContext) => Rejection | undefined

/** Held for every request, also for those that need no token. */
export const hostChecks: readonly RequestCheck[] = [checkHost, checkOrigin]

/** Held for every request to a server's endpoint, in this order, before its body is read. */
export const endpointChecks: readonly RequestCheck[] = [
  checkMethod,
  checkToken,
  checkAccept,
  checkContentType,
]

export const runChecks = (
  checks: readonly RequestCheck[],
  request: AgentRequest,
  context: RequestContext,
): Rejection | undefined => {
  for (const check of checks) {
    const rejection = check(request, context)
    if (rejection !== undefined) return rejection
  }
  return undefined
}
