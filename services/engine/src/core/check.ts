import type { RefusalReason } from '@cordon/engine-socket'

import type { CheckPorts, RefusalSource } from '../ports.ts'

/** One step on a call's way: needs what earlier steps established, adds what it found, or refuses. */
export interface Check<Needs, Adds> {
  readonly name: string
  /** A promise only where it has to wait: most calls pass most checks without leaving the stack. */
  readonly run: (facts: Needs, ports: CheckPorts) => CheckResult<Adds> | Promise<CheckResult<Adds>>
}

export type CheckResult<Adds> =
  | { readonly adds: Adds; readonly refused?: never }
  | { readonly adds: Partial<Adds>; readonly refused: Refused }

/** Why a call is not forwarded. */
export interface Refused {
  readonly verdict: 'deny' | 'hold'
  readonly reason: RefusalReason
  /** For a person to read: what is wrong and what would help; no secret. */
  readonly message: string
  /** On record in place of `reason`, where the agent is told more exactly what is wrong with what may not be its own. */
  readonly recordedAs?: RefusalReason
  /** Whose doing it is, where whoever does it can do it without end: only so many of a session are put on record. */
  readonly boundedAs?: RefusalSource
  /** It is not put on record. */
  readonly isRepeated?: true
}

export const pass = <Adds>(adds: Adds): CheckResult<Adds> => ({ adds })

/** @param adds what the check established before it refused */
export const refuse = <Adds>(refused: Refused, adds: Partial<Adds> = {}): CheckResult<Adds> => ({
  adds,
  refused,
})

export const deny = (reason: RefusalReason, message: string): Refused => ({
  verdict: 'deny',
  reason,
  message,
})

export const hold = (reason: RefusalReason, message: string): Refused => ({
  verdict: 'hold',
  reason,
  message,
})
