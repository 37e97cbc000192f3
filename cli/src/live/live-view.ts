import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'

import type { Thresholds } from '@cordon/risk'
import type { TopicName } from '@cordon/schemas'

import { printable } from '../terminal/printable.ts'
import type { Block } from './block.ts'
import { BlockReports } from './block-report.ts'
import { LearnedAgents } from './learned-agents.ts'
import { LiveState } from './live-state.ts'
import type { RevocationFact } from './revocation-fact.ts'
import type { ServerFault } from './server-faults.ts'
import type { LiveFact } from './session-fact.ts'
import { sessionTable } from './session-table.ts'
import { stopInWords } from './stop.ts'

const redrawMs = 200
/** A refusal waits for its judgement up to twice as long, a call that was cut for what cut it, and a downgrade for a refusal that explains it. */
const releaseMs = 1000
const rowsShown = 12

/** Shows sessions as they go; blocks, cuts, downgrades and announcements scroll above the table. */
export interface LiveView {
  show(fact: LiveFact): void
  /** Something was left out: said quietly, and ever more seldom, for there may be many. */
  skip(reason: string): void
  /** For a while nothing of a topic is shown. */
  interrupt(topic: TopicName, reason: string): void
  announce(lines: readonly string[]): void
  /** A tool server cannot do what it is there for. */
  warn(fault: Pick<ServerFault, 'server' | 'detail'>): void
  close(): void
}

/**
 * On a terminal the table is drawn in place; elsewhere only blocks, cuts, downgrades and announcements are printed.
 * @param thresholds the bundle's; absent where they are calibrated
 */
export const openLiveView = (
  out: Pick<WriteStream, 'write' | 'isTTY'>,
  thresholds?: Thresholds,
): LiveView => {
  const state = new LiveState()
  const reports = new BlockReports(thresholds)
  const learned = new LearnedAgents()
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
    const lines = ['', ...sessionTable(state.foremost(rowsShown), state.sessions.length), '']
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
  const report = (blocks: readonly Block[]): void => {
    for (const block of blocks) announce(['', ...reports.linesOf(block)])
  }
  const revoke = (fact: RevocationFact): void => {
    const { change, blocks } = state.revoke(fact)
    // What was stopped long ago is no news; the table says it of sessions, and each refusal does.
    if (change !== undefined && fact.isNew) announce(['', changeLine(fact)])
    dirty = true
    report(blocks)
  }
  const release = (): void => {
    report(state.release())
    for (const cut of state.releaseCuts()) announce(['', ...reports.linesOfCut(cut)])
    for (const downgrade of state.releaseDowngrades()) announce(['', ...reports.linesOfDowngrade(downgrade)])
  }
  const timers = [setInterval(draw, redrawMs), setInterval(release, releaseMs)]

  return {
    show: fact => {
      if (fact.kind === 'learned') {
        const line = learned.lineOf(fact)
        if (line !== undefined) announce([quietly(line)])
        return
      }
      if (fact.kind === 'revocation') return revoke(fact)
      dirty = true
      report(state.apply(fact))
    },
    skip: reason => {
      skipped += 1
      if (!Number.isInteger(Math.log2(skipped))) return
      const count = skipped === 1 ? '1 record' : `${skipped} records so far`
      announce([quietly(`Not shown, because unreadable: ${count}; ${reason}`)])
    },
    interrupt: (topic, reason) => announce([quietly(`Not shown for a moment: ${topic}; ${reason}`)]),
    announce,
    warn: ({ server, detail }) =>
      announce(['', styleText('yellow', printable(`Warning: tool server ${server}: ${detail}.`))]),
    close: () => {
      timers.forEach(clearInterval)
      draw()
    },
  }
}

const changeLine = (fact: RevocationFact): string =>
  fact.active
    ? styleText(['bold', 'red'], printable(`STOPPED  ${stopInWords({ ...fact, since: fact.issuedAt })}`))
    : styleText('bold', printable(`LIFTED  ${fact.scope} may go on, by ${fact.by}`))

const quietly = (text: string): string => styleText('dim', printable(text))
