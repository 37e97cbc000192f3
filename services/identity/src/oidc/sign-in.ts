import { networksOf } from '../core/humans/networks-of.ts'
import type { Account, Accounts, Attempts } from '../ports/humans.ts'
import type { HumanEvents } from './human-events.ts'
import type { SignInProblem } from './pages/sign-in-page.ts'
import { takeBackTries, takeTries } from './take-tries.ts'

/** Checks a name and a password, within what the network and the account may still try. */
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

  return async (name, password, address) => {
    // As typed, whether there is such an account or not: who has to wait must not show who exists.
    const account = name.normalize('NFC').trim().toLowerCase()
    const networks = networksOf(address).map(({ kind, name: subject }) => ({ kind, subject }))
    const waiting = await takeTries(attempts, [...networks, { kind: 'account', subject: account }])
    if (waiting !== undefined) {
      events.attemptRefused(waiting.kind)
      return { problem: { waitSeconds: Math.ceil(waiting.waitMs / 1000) } }
    }
    const checked = await accounts.check(name, password)
    if (checked === 'refused') {
      events.signInRefused()
      return { problem: 'refused' }
    }
    // A password that is right says nothing about others from there; one that nobody looked at says nothing at all.
    await takeBackTries(attempts, networks)
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
