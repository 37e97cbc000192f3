import { writeSync } from 'node:fs'

import { makeExitCertain } from './certain-exit.ts'

/** What a lifecycle needs of the process that it runs in. */
export interface ProcessHost {
  /** Nothing that goes on beside may keep the process at its exit. */
  makeExitCertain(): void
  /** Called for each SIGTERM and SIGINT. */
  onSignal(listener: (signal: 'SIGTERM' | 'SIGINT') => void): void
  /** Called when standard input ends. Reads it, and discards what it carries. */
  onStdinEnd(listener: () => void): void
  /** Called for each error that nobody caught, rejections included. */
  onUncaught(listener: (error: unknown) => void): void
  /** One line for the person or supervisor that watches. */
  writeLine(line: string): void
  after(milliseconds: number, listener: () => void): void
  exit(code: number): void
}

/** The real process. */
export const processHost: ProcessHost = {
  makeExitCertain,
  onSignal: listener => {
    process.on('SIGTERM', listener).on('SIGINT', listener)
  },
  onStdinEnd: listener => {
    // A launcher that dies may break the pipe instead of ending it.
    process.stdin.once('end', listener).once('error', listener).resume()
  },
  onUncaught: listener => {
    process.on('uncaughtException', listener).on('unhandledRejection', listener)
  },
  writeLine: line => {
    try {
      // At once, because an exit may follow.
      writeSync(process.stderr.fd, `${line}\n`)
    } catch (error) {
      // Whoever read it is gone; that must not stop a drain.
      if (!isErrno(error, 'EPIPE') && !isErrno(error, 'EAGAIN')) throw error
    }
  },
  after: (milliseconds, listener) => {
    setTimeout(listener, milliseconds)
  },
  exit: code => process.exit(code),
}

const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
