import type { VouchAnswer, VouchRequest } from '@cordon/engine-socket'
import { isJsonObject, type Clock } from '@cordon/foundation'
import { type Bundle, pinsOf } from '@cordon/policy'
import type { SessionToken } from '@cordon/tokens'

import { repeatChecks, vouchChecks, type TokenCallFacts } from './core/call-checks.ts'
import type { Call, CallFacts } from './core/call-facts.ts'
import { runChecks } from './core/check-order.ts'
import { deny, type Refused } from './core/check.ts'
import { revoked } from './core/checks/check-revocations.ts'
import type { OpenInvocation, OpenInvocations } from './core/open-invocations.ts'
import { digestOf, isStop, mayBeRepeated, mayBeSaid, type Proven } from './core/own-messages.ts'
import type { ProvenContents } from './core/proven-contents.ts'
import type { EngineObserver } from './engine.ts'
import type { CheckPorts, EnginePorts } from './ports.ts'

export interface VouchingParts {
  readonly ports: EnginePorts
  readonly checkPorts: CheckPorts
  readonly clock: Clock
  readonly observer: Pick<EngineObserver, 'callRepeated' | 'toolDrifted'>
  readonly open: OpenInvocations
  readonly contents: ProvenContents
  readonly arrive: (call: Call) => CallFacts
}

export type VouchedFor = Omit<VouchRequest, 'type' | 'request'>

/** What an enforcement point asks between the requests of agents: how a session stands, and for tokens for what no agent signs now. */
export const createVouching = ({
  ports,
  checkPorts,
  clock,
  observer,
  open,
  contents,
  arrive,
}: VouchingParts) => {
  /** The call of an open invocation, where it is one of this session at this server. */
  const openCall = ({ server, invocationId }: VouchedFor): OpenInvocation | undefined => {
    const invocation = invocationId === undefined ? undefined : open.find(invocationId)
    return invocation?.tool.startsWith(`${server}/`) === true ? invocation : undefined
  }

  /** @param after of what was proved until then nothing is taken */
  const provenBy = (principal: SessionToken, after = 0): Proven => ({
    has: (kind, digest) => contents.has(principal, kind, digest),
    take: (kind, digest) => contents.take(principal, kind, digest, after),
  })

  /** Another token for a call that has to be sent once more: nobody but the agent can bring that about, by answers that it signed. */
  const repeatedDownstream = (
    principal: SessionToken,
    { downstream, openedAfter }: OpenInvocation,
    { content, saidAs = {} }: VouchedFor,
    now: number,
  ): string | undefined => {
    if (downstream === undefined || content === undefined) return undefined
    const proven = provenBy(principal, openedAfter)
    if (!mayBeRepeated(content, downstream.restDigest, saidAs, proven)) return undefined
    observer.callRepeated(undefined)
    const id = ports.newInvocationId(now)
    return ports.downstream.issue(principal, { ...downstream, restDigest: digestOf(content), id }, now)
  }

  /** A token for a message of the enforcement point's own. @param refused the session may do nothing any more: then only for what stops */
  const ownDownstream = (
    principal: SessionToken,
    request: VouchedFor,
    now: number,
    refused?: Refused,
  ): string | undefined => {
    const { method, content, saidAs } = request
    if (method === undefined) return undefined
    const call = openCall(request)
    const isOfTask = call?.sessionId === principal.sessionId && call.downstream?.restDigest !== undefined
    const isStopped = (refused === undefined || isOver(refused)) && isStop({ method, content }, isOfTask)
    const isSaid = refused === undefined && mayBeSaid({ method, content, saidAs }, provenBy(principal))
    if (!isStopped && !isSaid) return undefined
    const said = content && { contentDigest: digestOf(content) }
    return ports.downstream.issue(principal, { id: ports.newInvocationId(now), method, ...said }, now)
  }

  /** Also where the token counts no more: what it began may be under way. */
  const stoppedOf = (principal: SessionToken, underWay: readonly string[]): Pick<VouchAnswer, 'stopped'> => {
    const stopped = underWay.flatMap(tool => {
      const scope = ports.revocations.revokedBy(principal, tool)
      if (scope === undefined) return []
      const { reason, message } = revoked(scope)
      return [{ tool, refusal: { reason, message } }]
    })
    return stopped.length > 0 ? { stopped: stopped.slice(0, maxStopped) } : {}
  }

  /** Tools that were withheld for their definition are a signal where the catalogue pins them. */
  const noteWithheld = (
    principal: SessionToken,
    { server, withheld = [] }: VouchedFor,
    bundle?: Bundle,
  ): void => {
    const pins = withheld.length > 0 && bundle ? pinsOf(bundle.catalogue, server) : {}
    for (const name of withheld) {
      if (Object.hasOwn(pins, name)) observer.toolDrifted(principal, server, name)
    }
  }

  /** What the checks say of the session, and of the call that is to be sent once more, where it is about one. */
  const judge = async (request: VouchedFor) => {
    const { server, method, invocationId } = request
    const isRepeat = invocationId !== undefined && method === undefined
    const call = isRepeat ? openCall(request) : undefined
    const shown = { token: request.token, proof: '', htm: '', htu: '' }
    const asked = call === undefined ? { server, tool: '', arguments: {} } : repeatOf(call, request)
    const start: TokenCallFacts = { ...arrive(asked), shown }
    const checks = call === undefined ? vouchChecks : repeatChecks
    const { facts, refused } = await runChecks(checks, start, checkPorts)
    const { principal } = facts
    if (refused?.reason === 'TOOL_DRIFTED' && principal !== undefined)
      observer.toolDrifted(principal, server, asked.tool)
    return { ...facts, isRepeat, call, bytes: asked.bytes ?? 0, refusedByChecks: refused }
  }

  return async (request: VouchedFor): Promise<VouchAnswer> => {
    const { invocationId, underWay = [] } = request
    const { principal, spent, bundle, isRepeat, call, bytes, refusedByChecks } = await judge(request)
    // Of a call that is not open here nothing is known: not what it was, and so not whether its session may still make it. Looked up
    // anew: its outcome may have come while the checks ran, and of what went out after that nothing would be on record.
    const isOpen = !isRepeat || (call !== undefined && openCall(request)?.sessionId === principal?.sessionId)
    const refused = refusedByChecks ?? (isOpen ? undefined : notOpen)
    const now = clock.now()
    const session = principal && { sessionId: principal.sessionId, ...stoppedOf(principal, underWay) }
    const said = { ...session, nonce: ports.proofs.nonce(now) }
    if (refused !== undefined || principal === undefined) {
      const why = refused ?? unestablished
      if (isRepeat) observer.callRepeated(why)
      const isGood = principal !== undefined && spent === undefined
      const stop = isGood ? ownDownstream(principal, request, now, why) : undefined
      const refusal = { reason: why.reason, message: why.message }
      return { vouched: false, ...said, refusal, ...tokenOf(stop) }
    }
    noteWithheld(principal, request, bundle)
    if (call === undefined)
      return { vouched: true, ...said, ...tokenOf(ownDownstream(principal, request, now)) }
    // With a token or without one: from here on nobody but its server stops it.
    if (invocationId !== undefined) open.repeat(invocationId, bytes)
    return { vouched: true, ...said, ...tokenOf(repeatedDownstream(principal, call, request, now)) }
  }
}

const tokenOf = (downstreamToken: string | undefined): Pick<VouchAnswer, 'downstreamToken'> =>
  downstreamToken === undefined ? {} : { downstreamToken }

/** Half of what a reply may be. The others are named again with the next look. */
const maxStopped = 64

/** The call as it is judged once more: what it says beside its arguments is data that leaves, as the first time. */
const repeatOf = (
  { downstream, definition: before }: OpenInvocation,
  { server, content, leftOutBytes, definition = before, definitionChanged }: VouchedFor,
): Call => ({
  server,
  tool: downstream?.tool ?? '',
  arguments: {},
  bytes: leftOutBytes ?? bytesOf(content),
  hasAnswers: leftOutBytes !== undefined || isJsonObject(content?.['inputResponses']),
  ...(definition !== undefined && { definition }),
  isDefinitionChanged: definitionChanged === true,
})

const bytesOf = (content: VouchedFor['content']): number =>
  content === undefined ? 0 : Buffer.byteLength(JSON.stringify(content))

/** The session may do nothing any more; who it was is known all the same. */
const isOver = ({ reason }: Refused): boolean =>
  reason === 'SESSION_ENDED' || reason === 'SESSION_SUSPENDED' || reason === 'REVOKED'

const notOpen = deny(
  'ENGINE_UNAVAILABLE',
  'The engine does not know the call as an open one of this session, so it is not sent once more. Call again.',
)

/** No check let a token without a principal pass; were it so, nothing would be vouched for. */
const unestablished = deny('TOKEN_INVALID', 'Nobody is known by this token.')
