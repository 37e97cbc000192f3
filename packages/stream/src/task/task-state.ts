/** Where the task of one owned partition stands. */
export type TaskState =
  /** Fences every earlier owner and writes its claim records. */
  | 'claiming'
  /** Reads the changelog up to its own claim. */
  | 'restoring'
  /** Follows the input. */
  | 'running'
  /** Holds the input until a schema is fetched or a fault has passed; ticks and beats go on. */
  | 'paused'
  /** A newer owner was met: the state is dropped. */
  | 'fenced'
  /** Something broke: the state is dropped, and after a while the task starts anew. */
  | 'failed'
  /** Finishes the commit under way and what is published already; takes nothing further. */
  | 'stopping'
  | 'stopped'

/** What happens to a task. */
export type TaskEvent =
  | 'claimed'
  | 'restored'
  | 'interrupted'
  | 'resumed'
  | 'fenced'
  | 'failed'
  /** After the back-off, with the membership that assigned the partition still current. */
  | 'restarted'
  /** After a fence or a failure, with that membership over: the new owner goes on. */
  | 'superseded'
  /** The partition was revoked, or the service closes. */
  | 'told to stop'
  | 'drained'

type Row = Readonly<Record<TaskEvent, TaskState | 'impossible'>>

const impossible: Row = {
  claimed: 'impossible',
  restored: 'impossible',
  interrupted: 'impossible',
  resumed: 'impossible',
  fenced: 'impossible',
  failed: 'impossible',
  restarted: 'impossible',
  superseded: 'impossible',
  'told to stop': 'impossible',
  drained: 'impossible',
}
// A fence may be met at any time: by a write, or by a beat or an output that is still on its way.
const owning: Row = { ...impossible, fenced: 'fenced', failed: 'failed', 'told to stop': 'stopping' }
const waiting: Row = {
  ...impossible,
  restarted: 'claiming',
  superseded: 'stopped',
  'told to stop': 'stopping',
}

/** Every state and every event; asking for what cannot happen is a programming error. */
export const taskTransitions: Readonly<Record<TaskState, Row>> = {
  claiming: { ...owning, claimed: 'restoring' },
  restoring: { ...owning, restored: 'running' },
  running: { ...owning, interrupted: 'paused' },
  paused: { ...owning, interrupted: 'paused', resumed: 'running' },
  fenced: waiting,
  failed: waiting,
  // Whatever breaks while it drains ends the draining early: the new owner finds it in the outbox.
  stopping: { ...impossible, 'told to stop': 'stopping', drained: 'stopped' },
  stopped: { ...impossible, 'told to stop': 'stopped' },
}

/** @throws RangeError where the table says that this cannot happen */
export const nextTaskState = (state: TaskState, event: TaskEvent): TaskState => {
  const next = taskTransitions[state][event]
  if (next !== 'impossible') return next
  throw new RangeError(`task: expected an event that a ${state} task may meet, got ${event}`)
}
