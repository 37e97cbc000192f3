import { setTimeout as sleep } from 'node:timers/promises'

import { AgentClientError, type AgentSession, type OAuthRefusal, type Timing } from '@cordon/agent-client'
import { CordonError } from '@cordon/foundation'

import type { ConnectErrorCode } from '../core/error-code.ts'
import { askForGroup, perhapsAnotherStack } from '../core/way-out.ts'
import type { Human, LogIn } from '../ports.ts'

/** The session of Cordon that everything goes through, opened when it is first needed and anew when it ended. */
export interface Sessions {
  /** @throws AgentClientError a refusal, ConnectError `LOG_IN_PENDING` where the human takes longer than a client waits */
  current(): Promise<AgentSession>
  /** The one that is open or being opened; `undefined`: none, and none is opened for this. */
  opened(): Promise<AgentSession> | undefined
  /** It goes on no more; the next request opens another one. */
  discard(session: AgentSession): void
  /** The human logged out: what is being opened with that log-in ends as well. @returns the session that was open, for the caller to end */
  logOut(): AgentSession | undefined
  end(): Promise<void>
}

/** Official clients give a request up after a minute, and show nothing of why; before that they are told what to do. */
const defaultPatienceMs = 45_000

/** Between two openings at least: sessions that are ended as soon as they are open do not become a flood. */
const openingPauseMs = 5_000

const systemTiming: Pick<Timing, 'now' | 'wait'> = {
  // Not moved by whoever sets the clock.
  now: () => performance.now(),
  wait: ms => sleep(ms, undefined, { ref: false }),
}

export const createSessions = (options: {
  readonly human: Human
  /** @param onEnded called once, where the session is not renewed any more */
  readonly open: (logIn: LogIn, onEnded: () => void) => Promise<AgentSession>
  /** How long a request waits for the human. */
  readonly patienceMs?: number
  readonly timing?: Pick<Timing, 'now' | 'wait'>
}): Sessions => {
  const { human, patienceMs = defaultPatienceMs, timing = systemTiming } = options
  let opened: Promise<AgentSession> | undefined
  let current: AgentSession | undefined
  let openFrom = 0
  let logOuts = 0
  let isOver = false

  /** @param before the log-outs until the log-in was read: after one more, it is forgotten */
  const openFor = async (logIn: LogIn, before: number): Promise<AgentSession> => {
    if (before !== logOuts) throw loggedOut()
    let ended = (): void => undefined
    const session = await options.open(logIn, () => ended()).catch(withWayToGroup)
    if (before !== logOuts) {
      await session.end()
      throw loggedOut()
    }
    ended = () => discard(session)
    current = session
    openFrom = timing.now() + openingPauseMs
    return session
  }

  const open = async (): Promise<AgentSession> => {
    const pauseMs = openFrom - timing.now()
    if (pauseMs > 0) await timing.wait(pauseMs)
    if (isOver) throw ending()
    const before = logOuts
    const logIn = await human.loggedIn()
    try {
      return await openFor(logIn, before)
    } catch (error) {
      if (!(error instanceof AgentClientError) || error.code !== 'SUBJECT_REFUSED') throw error
      if (hasNoRole(error)) throw error
      // Withdrawn since, or of a provider that was set up anew: asking once more is what the human would do.
      await human.forget(logIn.idToken, error.refusal && reasonOf(error.refusal))
      return openFor(await human.loggedIn(), before)
    }
  }

  const discard = (session: AgentSession): void => {
    if (current !== session) return
    current = undefined
    opened = undefined
  }

  return {
    current: () => {
      if (isOver) return Promise.reject(ending())
      if (opened === undefined) {
        const opening = open()
        opened = opening
        opening.catch(() => {
          if (opened === opening) opened = undefined
        })
      }
      return withPatience(opened, patienceMs, () => human.notice)
    },
    opened: () => opened && withPatience(opened, patienceMs, () => human.notice),
    discard,
    logOut: () => {
      logOuts += 1
      const session = current
      if (session !== undefined) discard(session)
      return session
    },
    end: async () => {
      isOver = true
      const session = current
      current = undefined
      await session?.end()
    },
  }
}

const withPatience = async <Value>(
  wanted: Promise<Value>,
  patienceMs: number,
  notice: () => string | undefined,
): Promise<Value> => {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const message = notice() ?? 'identity: expected a session, got none yet; the request can be made again'
      reject(new CordonError<ConnectErrorCode>('LOG_IN_PENDING', message, { retryable: true }))
    }, patienceMs).unref()
  })
  try {
    return await Promise.race([wanted, tooLong])
  } finally {
    clearTimeout(timer)
  }
}

/** For the human who is asked to log in anew. */
const reasonOf = ({ code, description }: OAuthRefusal): string | undefined =>
  // Cordon's own code says that it is about the log-in, and not that its human logged out.
  description !== undefined && code === 'SUBJECT_REFUSED'
    ? `${description}; ${perhapsAnotherStack}`
    : description

const hasNoRole = (error: AgentClientError): boolean => error.refusal?.code === 'ROLE_UNKNOWN'

const withWayToGroup = (error: unknown): never => {
  if (!(error instanceof AgentClientError) || !hasNoRole(error)) throw error
  const { code, message, refusal } = error
  throw new AgentClientError(code, `${message}; ${askForGroup}`, {
    cause: error,
    ...(refusal !== undefined && { refusal }),
  })
}

const loggedOut = (): CordonError<ConnectErrorCode> =>
  new CordonError<ConnectErrorCode>(
    'LOGGED_OUT',
    'session: expected a human who is logged in, got one who logged out while it opened; the next request asks anew',
    { retryable: true },
  )

const ending = (): CordonError<ConnectErrorCode> =>
  new CordonError<ConnectErrorCode>(
    'HOLDER_UNAVAILABLE',
    'session: expected one that goes on, got a process that ends',
    {
      retryable: true,
    },
  )
