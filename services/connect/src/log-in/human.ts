import { setTimeout as sleep } from 'node:timers/promises'

import type { Human, LogIn, LogInMethod, LogInStore } from '../ports.ts'

/** Good for long enough that identity gets to see it. */
const leastLifeMs = 30_000
/** How often a log-in by another process is looked for, while this one waits for its own. */
const lookMs = 1_000

/**
 * Logs in once for all who need it. What came of it is kept in one place for all processes of a profile, and nowhere else: so a log-out
 * forgets it for all of them.
 */
export const createHuman = (options: {
  readonly store: LogInStore
  readonly logIn: LogInMethod
  readonly now: () => number
  /** For the human's eyes. */
  readonly tell: (notice: string) => void
  /** Rejects when the signal aborts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>
}): Human => {
  const { store, now, wait = (ms, signal) => sleep(ms, undefined, { signal, ref: false }) } = options
  let notice: string | undefined
  let refusal: string | undefined
  let pending: Promise<LogIn> | undefined

  const kept = async (): Promise<LogIn | undefined> => {
    const logIn = await store.read()
    return logIn !== undefined && logIn.expiresAt - leastLifeMs > now() ? logIn : undefined
  }

  const ask = (signal: AbortSignal): Promise<LogIn> =>
    options.logIn(text => {
      notice = refusal === undefined ? text : `${text} (identity refused the log-in before: ${refusal})`
      options.tell(notice)
    }, signal)

  /** Whoever is asked here may log in elsewhere: with `--log-in`, in a terminal that they see. */
  const keptMeanwhile = async (signal: AbortSignal): Promise<LogIn> => {
    for (;;) {
      await wait(lookMs, signal)
      const logIn = await kept()
      if (logIn !== undefined) return logIn
    }
  }

  const askOrTakeOver = async (): Promise<LogIn> => {
    const over = new AbortController()
    const since = await store.lastLogOut()
    try {
      const { logIn, isOurs } = await Promise.race([
        ask(over.signal).then(own => ({ logIn: own, isOurs: true })),
        keptMeanwhile(over.signal).then(other => ({ logIn: other, isOurs: false })),
      ])
      if (isOurs) await store.write(logIn, since)
      else options.tell('Another cordon connect logged in meanwhile: going on with that.')
      return logIn
    } finally {
      over.abort()
    }
  }

  return {
    loggedIn: () => {
      pending ??= kept()
        .then(async found => {
          const logIn = found ?? (await askOrTakeOver())
          refusal = undefined
          return logIn
        })
        .finally(() => {
          pending = undefined
          notice = undefined
        })
      return pending
    },
    logIn: async () => {
      const since = await store.lastLogOut()
      const logIn = await ask(new AbortController().signal)
      await store.write(logIn, since)
      return logIn
    },
    forget: async (idToken, reason) => {
      refusal = reason
      if ((await store.read())?.idToken === idToken) await store.clear()
    },
    get notice() {
      return notice
    },
  }
}
