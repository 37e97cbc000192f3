import type { Human, LogIn, LogInMethod, LogInStore } from '../ports.ts'

/** Good for long enough that identity gets to see it. */
const leastLifeMs = 30_000

/** Logs in once for all who need it, and keeps what came of it until it expires. */
export const createHuman = (options: {
  readonly store: LogInStore
  readonly logIn: LogInMethod
  readonly now: () => number
  /** For the human's eyes. */
  readonly tell: (notice: string) => void
}): Human => {
  const { store, now } = options
  let kept: LogIn | undefined
  let notice: string | undefined
  let pending: Promise<LogIn> | undefined

  const isGood = (logIn: LogIn | undefined): logIn is LogIn =>
    logIn !== undefined && logIn.expiresAt - leastLifeMs > now()

  const obtain = async (): Promise<LogIn> => {
    if (!isGood(kept)) kept = await store.read()
    return isGood(kept) ? kept : askHuman()
  }

  const askHuman = async (): Promise<LogIn> => {
    kept = await options.logIn(text => {
      notice = text
      options.tell(text)
    })
    await store.write(kept)
    return kept
  }

  return {
    loggedIn: () => {
      pending ??= obtain().finally(() => {
        pending = undefined
        notice = undefined
      })
      return pending
    },
    logIn: askHuman,
    forget: async idToken => {
      if (kept?.idToken === idToken) kept = undefined
      if ((await store.read())?.idToken === idToken) await store.clear()
    },
    get notice() {
      return notice
    },
  }
}
