import { sharedAccount } from '../session/tool-list.ts'
import type { Session } from '../session/session.ts'
import { model } from './model.ts'
import { unclearOrigin } from './provenance-signal.ts'
import type { Taint } from './provenance-signal.ts'
import { signal } from './signal.ts'

/**
 * Books evidence of provenance on the server whose result the entity came from. The signal's evidence is the sum of the
 * accounts, and each holds only so much.
 */
export const bookProvenance = (session: Session, taint: Taint | undefined, nats: number): void => {
  const { accounts, evidence } = session
  if (nats > 0) {
    const account = taint === undefined ? sharedAccount : accountOf(session, taint)
    accounts[account] = Math.max(
      accounts[account]!,
      Math.min(model.provenance.maxNatsPerServer, accounts[account]! + nats),
    )
  } else if (evidence[signal.provenance]! > 0) {
    const kept = Math.max(0, 1 + nats / evidence[signal.provenance]!)
    for (let account = 0; account < accounts.length; account += 1) accounts[account]! *= kept
  } else return
  sumAccounts(session)
}

/** Lets the accounts fade. */
export const fadeProvenance = (session: Session, kept: number): void => {
  if (session.evidence[signal.provenance] === 0) return
  for (let account = 0; account < session.accounts.length; account += 1) session.accounts[account]! *= kept
  sumAccounts(session)
}

const sumAccounts = ({ accounts, evidence }: Session): void => {
  let sum = 0
  for (const nats of accounts) sum += nats
  evidence[signal.provenance] = sum
}

const accountOf = ({ tools, origins }: Session, { origin }: Taint): number =>
  origin === unclearOrigin ? sharedAccount : tools.accountAt(origins.toolOf(origin))
