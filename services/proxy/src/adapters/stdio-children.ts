import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

import { createLineReader, type Line } from '@cordon/framing'

import type { StdioServer } from '../core/tool-server.ts'
import type { PipeListener, ServerPipe } from '../ports.ts'
import type { PacedEvents } from './paced-events.ts'
import { createPacedEvents } from './paced-events.ts'
import { endChild } from './child-end.ts'
import type { StderrLog } from './stderr-log.ts'
import { createStderrReader } from './stderr-log.ts'
import type { TurnBudget } from './turn-budget.ts'
import { createTurnBudgets } from './turn-budget.ts'

export interface StdioChildrenOptions {
  /** Of the proxy's environment, what every program needs to find itself. */
  readonly environment: Readonly<Record<string, string>>
  /** Of one message, and of what may wait for a child that does not read. */
  readonly maxMessageBytes: number
  /** What a child writes to its standard error. */
  readonly stderrOf: (name: string) => StderrLog
}

/** After an exit, for what is still in the pipe; a grandchild may hold it open for ever. */
const lastOutputMs = 500

/** Starts tool servers as children of the proxy. */
export interface StdioChildren {
  start(name: string, server: StdioServer, listener: PipeListener): ServerPipe
}

export const createStdioChildren = (options: StdioChildrenOptions): StdioChildren => {
  const budgetOf = createTurnBudgets()
  return { start: (name, server, listener) => startChild(name, server, listener, options, budgetOf(server)) }
}

const startChild = (
  name: string,
  server: StdioServer,
  listener: PipeListener,
  { environment, maxMessageBytes, stderrOf }: StdioChildrenOptions,
  budget: TurnBudget,
): ServerPipe => {
  let gone = false
  let lines: PacedEvents<Line> | undefined

  const leave = (fault: Parameters<PipeListener['onGone']>[0]): void => {
    if (gone) return
    lines?.flush()
    gone = true
    listener.onGone(fault)
  }

  const fail = (error: Error): void => {
    const code = 'code' in error ? String(error.code) : error.name
    leave({ kind: 'unreachable', detail: `expected its command to start, got ${code}` })
  }

  const child = spawnServer(server, environment, fail)
  if (child === undefined) return unstarted
  const { stdin, stdout, stderr } = child

  lines = createPacedEvents(budget, stdout, line => {
    if (gone) return
    if (line.isExact) listener.onLine(line.text)
    else listener.onGarbled(line.text)
  })
  const reader = createLineReader(maxMessageBytes, lines.push)
  stdout.on('data', (chunk: Buffer) => {
    if (gone) return
    try {
      reader.push(chunk)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      leave({
        kind: 'too_large',
        detail: `expected messages of at most ${maxMessageBytes} bytes, got a larger one`,
      })
      child.kill('SIGKILL')
    }
  })
  stderr.setEncoding('utf8').on(
    'data',
    createStderrReader(stderrOf(name), () => performance.now()),
  )
  // A child that ends while it is written to says so by its exit.
  stdin.on('error', () => undefined)
  child.once('exit', (code, signal) => {
    const fault = {
      kind: 'crashed',
      detail: `it ended (${signal ?? `exit code ${String(code)}`}) before it answered; initialize again to start it anew`,
    } as const
    child.once('close', () => leave(fault))
    setTimeout(() => leave(fault), lastOutputMs).unref()
  })

  return {
    send(text) {
      if (gone) return true
      if (stdin.writableLength > maxMessageBytes) return false
      stdin.write(`${text}\n`)
      return true
    },
    pause: lines.pause,
    resume: lines.resume,
    end: () => endChild(child),
  }
}

type StartedChild = ChildProcess & {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
}

/**
 * Without a descriptor or a process to spare, Node gives a child without streams and says so a moment later, or throws.
 * @param onError called later, and not by this call: whoever starts a child has to know it first
 */
const spawnServer = (
  server: StdioServer,
  environment: Readonly<Record<string, string>>,
  onError: (error: Error) => void,
): StartedChild | undefined => {
  try {
    // In the proxy's own process group, so that whoever ends the group of a crashed proxy ends its children too.
    const child = spawn(server.command, server.args, {
      cwd: server.cwd,
      env: { ...environment, ...server.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    })
    child.on('error', onError)
    return isStarted(child) ? child : undefined
  } catch (error) {
    process.nextTick(onError, error)
    return undefined
  }
}

/** Whatever the types say. */
const isStarted = (child: ChildProcess): child is StartedChild =>
  [child.stdin, child.stdout, child.stderr].every(stream => stream !== null && stream !== undefined)

const unstarted: ServerPipe = {
  send: () => true,
  pause: () => undefined,
  resume: () => undefined,
  end: () => Promise.resolve(),
}
