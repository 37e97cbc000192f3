import type { InvocationId } from '@cordon/foundation'

/** More than an agent lets run at once; the oldest of more are tasks that nobody asked the result of. */
const maxTasks = 1_000

/** Calls that go on as a task (MCP 2025-11-25): their result comes with another request. */
export interface Tasks {
  add(taskId: string, invocationId: InvocationId): void
  /** The call that a task belongs to, once: its outcome is reported by whoever took it. */
  take(taskId: unknown): InvocationId | undefined
  takeAll(): readonly InvocationId[]
}

export const createTasks = (): Tasks => {
  const tasks = new Map<string, InvocationId>()
  return {
    add(taskId, invocationId) {
      tasks.set(taskId, invocationId)
      if (tasks.size > maxTasks) tasks.delete(tasks.keys().next().value!)
    },
    take(taskId) {
      if (typeof taskId !== 'string') return undefined
      const invocationId = tasks.get(taskId)
      tasks.delete(taskId)
      return invocationId
    },
    takeAll() {
      const open = [...tasks.values()]
      tasks.clear()
      return open
    },
  }
}
