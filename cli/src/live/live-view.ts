import type { WriteStream } from 'node:tty'

import { LiveState } from './live-state.ts'
import type { SessionFact } from './session-fact.ts'
import { blockReport, sessionTable } from './table.ts'

const redrawMs = 200
const rowsShown = 12

/** Shows sessions as they go; blocks and announcements scroll above the table. */
export interface LiveView {
  show(fact: SessionFact): void
  announce(lines: readonly string[]): void
  close(): void
}

/** On a terminal the table is drawn in place; elsewhere only blocks and announcements are printed. */
export const openLiveView = (out: WriteStream): LiveView => {
  const state = new LiveState()
  let drawn = 0
  let dirty = false

  const erase = (): void => {
    if (drawn > 0) out.write(`\u001B[${drawn}A\u001B[0J`)
    drawn = 0
  }
  const draw = (): void => {
    if (!out.isTTY || !dirty) return
    dirty = false
    state.trim(rowsShown)
    const lines = ['', ...sessionTable(state.sessions.slice(-rowsShown)), '']
    erase()
    // Terminals narrower than the table would wrap lines and spoil the count: they are cut without counting colours.
    out.write('\u001B[?7l' + lines.map(line => `${line}\n`).join('') + '\u001B[?7h')
    drawn = lines.length
  }
  const announce = (lines: readonly string[]): void => {
    erase()
    out.write(lines.map(line => `${line}\n`).join(''))
    dirty = true
    draw()
  }
  const timer = setInterval(draw, redrawMs)

  return {
    show: fact => {
      const block = state.apply(fact)
      dirty = true
      if (block !== undefined) announce(['', ...blockReport(block)])
    },
    announce,
    close: () => {
      clearInterval(timer)
      draw()
    },
  }
}
