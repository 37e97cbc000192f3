import type { WriteStream } from 'node:tty'

import type { OnProgress } from '@cordon/infra'

import { printableLines } from './printable.ts'

/** Says what a start is at: each part once when it is ready, and what takes long while it lasts. */
export interface ProgressPrinter {
  readonly show: OnProgress
  /** The next step of a command. */
  readonly phase: (text: string) => void
  /** What is still under way is being stopped: its progress is none any more. */
  readonly close: () => void
}

export const progressPrinter = (out: WriteStream): ProgressPrinter => {
  let said = ''
  let isClosed = false
  const print = (line: string): void => {
    if (line !== said && !isClosed) out.write(`${printableLines(line)}\n`)
    said = line
  }
  return {
    show: ({ part, state, text }) => {
      // A part that merely starts is no news; a download that counts up is.
      if (state === 'working' && text === 'starting') return
      print(`${state === 'ready' ? '✔' : '…'} ${part.padEnd(10)} ${text}`)
    },
    phase: text => print(`… ${text}`),
    close: () => {
      isClosed = true
    },
  }
}
