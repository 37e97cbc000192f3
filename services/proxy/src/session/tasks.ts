import type { InvocationId } from '@cordon/foundation'

import { toolsOf } from '../core/tools-of.ts'

/** More than an agent lets run at once; the oldest of more are tasks that nobody asked the result of. */
const maxTasks = 1_000

/** A call that goes on at its server as a task. */
export interface RunningTask {
  readonly taskId: string
  readonly invocationId: InvocationId
  /** As its exchange has it. */
  readonly tool: string | undefined
}

/** Calls that go on as a task (MCP 2025-11-25): their result comes with another request. */
export interface Tasks {
  /** @returns the call of the oldest task, where there are too many: nobody gets its result any more */
  add(task: RunningTask): InvocationId | undefined
  /** The call that a task belongs to, once: its outcome is reported by whoever took it. */
  take(taskId: unknown): InvocationId | undefined
  /** @param tool where only those of one tool are to be taken */
  takeAll(tool?: string): readonly RunningTask[]
  /** Each once. */
  tools(): ReadonlySet<string>
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
    takeAll(tool) {
      const taken = [...tasks.values()].filter(task => tool === undefined || task.tool === tool)
      for (const { taskId } of taken) tasks.delete(taskId)
      return taken
    },
    tools: () => toolsOf(tasks.values()),
  }
}
