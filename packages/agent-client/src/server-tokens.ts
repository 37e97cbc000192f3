import type { TokenAnswer } from './identity-answer.ts'
import type { Timing } from './timing.ts'

/** The tokens of one session: one for each server, got when it is first needed and renewed ahead of its end. */
export interface ServerTokens {
  /** What is in hand where it is good for a while yet, or else a new one. */
  get(server: string): Promise<string>
  /** One that has not run out, without a word to anybody. */
  inHand(server: string): string | undefined
  /** A new one, unless the refused one was replaced since. */
  replace(server: string, refusedText: string): Promise<string>
  /** A new one, whatever is in hand. */
  renew(server: string): Promise<string>
  keep(server: string, answer: TokenAnswer): void
  /** Ends the renewals, and forgets the tokens. */
  stop(): void
}

interface Held {
  readonly text: string
  readonly expiresAt: number
  readonly renewAt: number
}

/** A token is renewed somewhere here in its life, so that the agents of a platform do not renew together. */
const renewFrom = 0.6
const renewUntil = 0.8
/** However short its life: a session near its end is not asked for without a pause. */
const leastRenewalMs = 1_000
/** A token that ends sooner is not shown any more: it would be refused where it arrives late. */
const leastLifeMs = 5_000
/** Between attempts to renew what is good for a while yet. */
const againMs = 15_000

/** @param options.fetchToken asks the identity service; its errors reach whoever needs the token */
export const createServerTokens = (options: {
  readonly fetchToken: (server: string) => Promise<TokenAnswer>
  readonly timing: Timing
}): ServerTokens => {
  const { fetchToken, timing } = options
  /** The one that was used last is the last. */
  const held = new Map<string, Held>()
  const pending = new Map<string, Promise<string>>()
  const stopped = new AbortController()
  let keeper = new AbortController()

  const keep = (server: string, answer: TokenAnswer): void => {
    const lifeMs = answer.expiresIn * 1000
    const share = renewFrom + (renewUntil - renewFrom) * timing.random()
    const renewAfterMs = Math.max(lifeMs * share, leastRenewalMs)
    const now = timing.now()
    use(server, { text: answer.accessToken, expiresAt: now + lifeMs, renewAt: now + renewAfterMs })
    keeper.abort()
    keeper = new AbortController()
    void keepAlive(renewAfterMs, AbortSignal.any([keeper.signal, stopped.signal]))
  }

  const use = (server: string, token: Held): void => {
    held.delete(server)
    held.set(server, token)
  }

  const fetchOnce = (server: string): Promise<string> => {
    const before = pending.get(server)
    if (before !== undefined) return before
    const made = fetchToken(server)
      .then(answer => {
        keep(server, answer)
        return answer.accessToken
      })
      .finally(() => pending.delete(server))
    pending.set(server, made)
    return made
  }

  // Nobody waits for it: what went wrong shows when the token is needed.
  const renewAhead = async (server: string): Promise<boolean> => {
    try {
      await fetchOnce(server)
      return true
    } catch {
      const token = held.get(server)
      if (token !== undefined) held.set(server, { ...token, renewAt: timing.now() + againMs })
      return false
    }
  }

  // A session whose platform stops renewing ends, so one token is renewed whether it is used or not: the last one used, or
  // where its server is not granted any more, one before.
  const keepAlive = async (delayMs: number, signal: AbortSignal): Promise<void> => {
    await timing.waitAside(delayMs, signal)
    for (let failed = 0; !signal.aborted; failed += 1) {
      const server = [...held.keys()].at(-1 - (failed % held.size))
      if (server === undefined || (await renewAhead(server))) return
      await timing.waitAside(againMs * (0.5 + timing.random()), signal)
    }
  }

  return {
    keep,
    renew: fetchOnce,
    get: server => {
      const token = held.get(server)
      const now = timing.now()
      if (token === undefined || now >= token.expiresAt - leastLifeMs) return fetchOnce(server)
      use(server, token)
      if (now >= token.renewAt) void renewAhead(server)
      return Promise.resolve(token.text)
    },
    inHand: server => {
      const token = held.get(server)
      return token === undefined || timing.now() >= token.expiresAt ? undefined : token.text
    },
    replace: (server, refusedText) => {
      const token = held.get(server)
      return token === undefined || token.text === refusedText
        ? fetchOnce(server)
        : Promise.resolve(token.text)
    },
    stop: () => {
      stopped.abort()
      held.clear()
    },
  }
}
