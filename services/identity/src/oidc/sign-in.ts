import type { Account, Accounts, AttemptKind, Attempts } from '../ports/humans.ts'
import type { HumanEvents } from './human-events.ts'
import type { SignInProblem } from './pages/sign-in-page.ts'

/** Checks a name and a password, within what the address and the account may still try. */
export type SignIn = (
  name: string,
  password: string,
  address: string,
) => Promise<{ readonly account: Account } | { readonly problem: SignInProblem }>

export const createSignIn = (options: {
  readonly accounts: Accounts
  readonly attempts: Attempts
  readonly events: HumanEvents
}): SignIn => {
  const { accounts, attempts, events } = options

  const wait = (kind: AttemptKind, waitMs: number): { readonly problem: SignInProblem } => {
    events.attemptRefused(kind)
    return { problem: { waitSeconds: Math.ceil(waitMs / 1000) } }
  }

  return async (name, password, address) => {
    // As typed, whether there is such an account or not: who has to wait must not show who exists.
    const account = name.normalize('NFC').trim().toLowerCase()
    const addressWaitMs = await attempts.take('address', address)
    if (addressWaitMs > 0) return wait('address', addressWaitMs)
    const accountWaitMs = await attempts.take('account', account)
    if (accountWaitMs > 0) return wait('account', accountWaitMs)
    const checked = await accounts.check(name, password)
    if (checked === 'refused') {
      events.signInRefused()
      return { problem: 'refused' }
    }
    // A password that is right says nothing about others from that address; one that nobody looked at says nothing at all.
    await attempts.takeBack('address', address)
    if (checked === 'busy') {
      await attempts.takeBack('account', account)
      events.signInBusy()
      return { problem: 'busy' }
    }
    await attempts.forget('account', account)
    events.signedIn()
    return { account: checked }
  }
}
