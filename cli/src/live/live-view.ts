import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'

import type { TopicName } from '@cordon/schemas'

import { printable } from '../terminal/printable.ts'
import { LiveState } from './live-state.ts'
import type { SessionFact } from './session-fact.ts'
import { blockReport, sessionTable } from './table.ts'

const redrawMs = 200
const rowsShown = 12

/** Shows sessions as they go; blocks and announcements scroll above the table. */
export interface LiveView {
  show(fact: SessionFact): void
  /** Something was left out: said quietly, and ever more seldom, for there may be many. */
  skip(reason: string): void
  /** For a while nothing of a topic is shown. */
  interrupt(topic: TopicName, reason: string): void
  announce(lines: readonly string[]): void
  close(): void
}

/** On a terminal the table is drawn in place; elsewhere only blocks and announcements are printed. */
export const openLiveView = (out: Pick<WriteStream, 'write' | 'isTTY'>): LiveView => {
  const state = new LiveState()
  let drawn = 0
  let dirty = false
  let skipped = 0

  const erase = (): void => {
    if (drawn > 0) out.write(`\u001B[${drawn}A\u001B[0J`)
    drawn = 0
  }
  const draw = (): void => {
    if (!out.isTTY || !dirty) return
    dirty = false
    const lines = ['', ...sessionTable(state.newest(rowsShown)), '']
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
    skip: reason => {
      skipped += 1
      if (!Number.isInteger(Math.log2(skipped))) return
      const count = skipped === 1 ? '1 record' : `${skipped} records so far`
      announce([quietly(`Not shown, because unreadable: ${count}; ${reason}`)])
    },
    interrupt: (topic, reason) =>
      announce([quietly(`Not shown for a moment: ${topic}, which could not be read any further; ${reason}`)]),
    announce,
    close: () => {
      clearInterval(timer)
      draw()
    },
  }
}

const quietly = (text: string): string => styleText('dim', printable(text))
