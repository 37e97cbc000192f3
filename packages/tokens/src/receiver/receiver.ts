import { type Clock, systemClock } from '@cordon/foundation'

import type { DownstreamFault } from '../downstream/downstream-fault.ts'
import { type Caller, createDownstreamVerifier } from '../downstream/downstream-verifier.ts'
import { type McpCall, stoppingMethods } from '../downstream/mcp-call.ts'
import { TokenError } from '../token-error.ts'
import { type KeySource, openKeySource } from './key-source.ts'
import { issuerDetail, serverDetail } from './refusal-detail.ts'
import { sourcesAt } from './sources-at.ts'
import { createSpentTokens, type SpentTokens } from './spent-tokens.ts'
import { createStatusReader, type StatusListSource } from './status-reader.ts'

/** The request is the one that the engine let pass, and it came for the first time. */
export interface Verified extends Caller {
  readonly ok: true
}

export interface Refused {
  readonly ok: false
  readonly reason: ReceiverFault
  /** What was expected and got where the settings of this server may be wrong; for its log, never for the caller. */
  readonly detail?: string
}

/** Why a tool server does not act on a request. */
export type ReceiverFault =
  | DownstreamFault
  | 'TOKEN_SPENT'
  /** Somebody may have used it before this process started, which remembers nothing of before. */
  | 'ISSUED_BEFORE_START'
  | 'SESSION_INVALID'
  | 'SESSION_SUSPENDED'
  /** This server cannot tell now: its keys or lists cannot be had, or it remembers all it can. */
  | 'KEYS_UNAVAILABLE'
  | 'STATUS_UNKNOWN'
  | 'RECEIVER_FULL'

export interface Receiver {
  /**
   * Uses the token up where it is good.
   * @param tokenText what came in `Authorization` or `Cordon-Call-Token`, or `params._meta["cordon/call-token"]`; empty where none did
   * @param request what was received (`mcpCallOf` reads it out of a message), not what the token says
   */
  verify(tokenText: string, request: McpCall): Promise<Verified | Refused>
}

export type ReceiverOptions = ReceiverSettings & (ReceiverSources | { readonly identity: string })

/** Where everything comes from, one by one, for receivers that cannot reach identity. */
export interface ReceiverSources {
  /** `iss` of the engines' tokens. */
  readonly issuer: string
  readonly keys: KeySource
  /** With `none`, a call that was let through just before its session ended still passes, for a minute at most. */
  readonly statusList: StatusListSource | 'none'
}

export interface ReceiverSettings {
  /** The tool server's name in Cordon. */
  readonly server: string
  readonly clock?: Clock
  /**
   * Shared by all processes of the tool server, and not lost with them. Without it each remembers for itself, and refuses
   * tokens that were issued before it started.
   */
  readonly spentTokens?: SpentTokens
  /** Tokens that are remembered at once. Default 100,000. */
  readonly maxTokens?: number
}

/**
 * @param options.identity the deployment's issuer (`CORDON_ISSUER`): keys of all engines and status lists are read there
 * @throws TokenError `IDENTITY_URL_INVALID`; `KEY_SET_INVALID` where keys are given that are none; `STATUS_LIST_UNSAID` where nothing
 * is said of lists
 */
export const createReceiver = (options: ReceiverOptions): Receiver => {
  const { server, clock = systemClock, maxTokens } = options
  const sources = 'identity' in options ? sourcesAt(options.identity) : options
  const statusList: StatusListSource | 'none' | undefined = sources.statusList
  // For callers without types: forgotten, it would look as if sessions never ended.
  if (statusList === undefined)
    throw new TokenError('STATUS_LIST_UNSAID', "receiver: expected a statusList, or 'none', got neither")
  const verifier = createDownstreamVerifier({ server, issuer: sources.issuer })
  const keys = openKeySource(sources.keys)
  const statuses = statusList === 'none' ? undefined : createStatusReader(statusList)
  const startedAt = options.spentTokens === undefined ? clock.now() : Number.NEGATIVE_INFINITY
  const spent = options.spentTokens ?? createSpentTokens(maxTokens === undefined ? {} : { maxTokens })

  const authenticate = async (text: string, request: McpCall, now: number): Promise<Caller | Refused> => {
    const held = await keys.current(now)
    let result = verifier.verify(text, request, held, now)
    if (!result.ok && result.reason === 'KEY_UNKNOWN') {
      const renewed = await keys.renewed(now)
      if (renewed.size === 0)
        return refused('KEYS_UNAVAILABLE', keys.fault(), issuerDetail(text, sources.issuer))
      if (renewed !== held) result = verifier.verify(text, request, renewed, now)
    }
    if (result.ok) return result.caller
    const { reason } = result
    if (reason === 'ISSUER_REFUSED') return refused(reason, issuerDetail(text, sources.issuer))
    return reason === 'AUDIENCE_REFUSED' ? refused(reason, serverDetail(text, server)) : refused(reason)
  }

  const faultOfStatus = async ({ status }: Caller, now: number): Promise<ReceiverFault | undefined> => {
    if (statuses === undefined) return undefined
    switch (await statuses.statusOf(status, now)) {
      case 'valid':
        return undefined
      case 'suspended':
        return 'SESSION_SUSPENDED'
      case 'unknown':
        return 'STATUS_UNKNOWN'
      default:
        return 'SESSION_INVALID'
    }
  }

  return {
    async verify(tokenText, request) {
      const now = clock.now()
      const caller = await authenticate(tokenText, request, now)
      if ('reason' in caller) return caller
      if (caller.issuedAt < startedAt) return refused('ISSUED_BEFORE_START')
      const fault =
        (stoppingMethods.has(request.method) ? undefined : await faultOfStatus(caller, now)) ??
        faultOfUse[await spent.spend(caller.requestId, caller.expiresAt, now)]
      return fault === undefined ? { ok: true, ...caller } : refused(fault)
    },
  }
}

const faultOfUse = { fresh: undefined, spent: 'TOKEN_SPENT', full: 'RECEIVER_FULL' } as const

const refused = (reason: ReceiverFault, ...details: readonly (string | undefined)[]): Refused => {
  const detail = details.filter(each => each !== undefined).join('; ')
  return { ok: false, reason, ...(detail !== '' && { detail }) }
}
