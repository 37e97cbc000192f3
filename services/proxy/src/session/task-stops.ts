import { withCallToken } from '../core/call-token.ts'
import type { Engine, Timers } from '../ports.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { Connection } from './connection.ts'
import { reportEnd, type EndParts } from './report-end.ts'
import type { RunningTask } from './tasks.ts'

/** Tells a tool server to stop tasks whose session may not go on. */
export interface TaskStops {
  /** Each is on record as cancelled, whether or not its server could be told. */
  stop(tasks: readonly RunningTask[]): void
  /** Until all that were to be stopped are told of, or given up. */
  readonly underWay: Promise<void> | undefined
}

export interface TaskStopsOptions extends EndParts {
  readonly engine: Pick<Engine, 'vouch' | 'reportOutcome'>
  readonly timers: Timers
  readonly connection: () => Pick<Connection, 'token' | 'server'>
  readonly tell: Upstream['tell']
  /** Unguessable: by the id of a call that its agent named, the answer to the stop would be taken for the call's. */
  readonly newId: () => string
}

/** To a server on HTTP each is a connection. */
const atOnce = 4
/** For all that are stopped together; a server that does not answer is not told of the others. */
const patienceMs = 2_000

export const createTaskStops = ({
  engine,
  results,
  events,
  timers,
  connection,
  tell,
  newId,
}: TaskStopsOptions): TaskStops => {
  let underWay: Promise<void> | undefined

  const report = ({ invocationId }: RunningTask): void =>
    reportEnd({ engine, results, events }, invocationId, 'cancelled')

  const stopOne = async (task: RunningTask): Promise<void> => {
    const { taskId, invocationId } = task
    const { token, server } = connection()
    const method = 'tasks/cancel'
    const params = { taskId }
    // Before the outcome: of a call that is over the engine says nothing.
    const asked = { token, server, method, content: params, invocationId }
    const { downstreamToken } = await engine.vouch(asked)
    report(task)
    const text = JSON.stringify({ jsonrpc: '2.0', id: newId(), method, params })
    await tell(text, withCallToken({}, downstreamToken))
  }

  return {
    stop(tasks) {
      if (tasks.length === 0) return
      const waiting = [...tasks]
      const next = async (): Promise<void> => {
        for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await stopOne(task)
      }
      const all = Promise.all(Array.from({ length: atOnce }, next))
      const over = new Promise<void>(resolve => {
        const patience = timers.after(patienceMs, () => {
          for (const task of waiting.splice(0)) report(task)
          resolve()
        })
        void all.then(() => {
          patience.cancel()
          resolve()
        })
      })
      const before = underWay
      underWay = over.then(() => before)
    },
    get underWay() {
      return underWay
    },
  }
}
