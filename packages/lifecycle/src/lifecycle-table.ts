/** Where a service stands between its start and its end. */
export type LifecycleState = 'starting' | 'startingToStop' | 'running' | 'draining' | 'over'

export type LifecycleEvent =
  | 'started'
  | 'startFailed'
  /** SIGTERM, SIGINT, or standard input ended. */
  | 'stopRequested'
  | 'drained'
  | 'drainFailed'
  | 'drainTimedOut'
  /** An error that nobody caught. */
  | 'crashed'

/** What an event brings about; `exit` codes as a process supervisor reads them. */
export type LifecycleStep =
  | { readonly to: 'running' | 'startingToStop' | 'draining' }
  | { readonly to: 'over'; readonly exit: 0 | 1 }
  | 'ignore'

const done: LifecycleStep = { to: 'over', exit: 0 }
const failed: LifecycleStep = { to: 'over', exit: 1 }

/**
 * What follows from each event in each state. A second request to stop ends a drain: somebody waits at the terminal.
 * An event that cannot happen in a state is `ignore`d rather than left out, so that the table stays total.
 */
export const lifecycleTable: Readonly<
  Record<LifecycleState, Readonly<Record<LifecycleEvent, LifecycleStep>>>
> = {
  starting: {
    started: { to: 'running' },
    startFailed: failed,
    stopRequested: { to: 'startingToStop' },
    drained: 'ignore',
    drainFailed: 'ignore',
    drainTimedOut: 'ignore',
    crashed: failed,
  },
  // What is half open cannot be drained; the start is let finish, or fail, first.
  startingToStop: {
    started: { to: 'draining' },
    startFailed: done,
    stopRequested: failed,
    drained: 'ignore',
    drainFailed: 'ignore',
    drainTimedOut: failed,
    crashed: failed,
  },
  running: {
    started: 'ignore',
    startFailed: 'ignore',
    stopRequested: { to: 'draining' },
    drained: 'ignore',
    drainFailed: 'ignore',
    drainTimedOut: 'ignore',
    crashed: failed,
  },
  draining: {
    started: 'ignore',
    startFailed: 'ignore',
    stopRequested: failed,
    drained: done,
    drainFailed: failed,
    drainTimedOut: failed,
    crashed: failed,
  },
  over: {
    started: 'ignore',
    startFailed: 'ignore',
    stopRequested: 'ignore',
    drained: 'ignore',
    drainFailed: 'ignore',
    drainTimedOut: 'ignore',
    crashed: 'ignore',
  },
}
