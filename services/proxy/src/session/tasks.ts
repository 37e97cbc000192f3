import type { InvocationId } from '@cordon/foundation'

/** More than an agent lets run at once; the oldest of more are tasks that nobody asked the result of. */
const maxTasks = 1_000

/** Calls that go on as a task (MCP 2025-11-25): their result comes with another request. */
export interface Tasks {
  /** @returns the call of the oldest task, where there are too many: nobody gets its result any more */
  add(taskId: string, invocationId: InvocationId): InvocationId | undefined
  /** The call that a task belongs to, once: its outcome is reported by whoever took it. */
  take(taskId: unknown): InvocationId | undefined
  takeAll(): readonly InvocationId[]
}

export const createTasks = (): Tasks => {
  const tasks = new Map<unknown, InvocationId>()

  const take = (taskId: unknown): InvocationId | undefined => {
    const invocationId = tasks.get(taskId)
    tasks.delete(taskId)
    return invocationId
  }

  return {
    add(taskId, invocationId) {
      const replaced = take(taskId)
      tasks.set(taskId, invocationId)
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
