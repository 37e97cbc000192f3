import type { InvocationId } from '@cordon/foundation'

/** More than an agent lets run at once; the oldest of more are tasks that nobody asked the result of. */
const maxTasks = 1_000

/** A call that goes on at its server as a task. */
export interface RunningTask {
  readonly taskId: string
  readonly invocationId: InvocationId
}

/** Calls that go on as a task (MCP 2025-11-25): their result comes with another request. */
export interface Tasks {
  /** @returns the call of the oldest task, where there are too many: nobody gets its result any more */
  add(task: RunningTask): InvocationId | undefined
  /** The call that a task belongs to, once: its outcome is reported by whoever took it. */
  take(taskId: unknown): InvocationId | undefined
  takeAll(): readonly RunningTask[]
}

export const createTasks = (): Tasks => {
  const tasks = new Map<unknown, RunningTask>()

  const take = (taskId: unknown): InvocationId | undefined => {
    const task = tasks.get(taskId)
    tasks.delete(taskId)
    return task?.invocationId
  }

  return {
    add(task) {
      const replaced = take(task.taskId)
      tasks.set(task.taskId, task)
      return replaced ?? (tasks.size > maxTasks ? take(tasks.keys().next().value) : undefined)
    },
    take,
    takeAll() {
      const open = [...tasks.values()]
      tasks.clear()
      return open
    },
  }
}
