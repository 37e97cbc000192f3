import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'

import { createLineReader } from '@cordon/framing'

import type { Upstream } from '../ports.ts'
import { createStdioFront, type FrontFaults } from './stdio-front.ts'

/** As the proxy takes them. */
const longestLineBytes = 4 * 1024 * 1024

/** Runs a front on two streams until the input ends, or the signal aborts. */
export const runStdio = async (options: {
  readonly server: string
  readonly upstream: Upstream
  readonly faults: FrontFaults
  readonly input: Readable
  readonly output: Writable
  readonly signal: AbortSignal
}): Promise<void> => {
  const { input, output, signal } = options
  let isBroken = false
  // Whoever read it is gone; the end of the input says so as well.
  output.once('error', () => {
    isBroken = true
  })
  let room = Promise.resolve()
  const write = (text: string): Promise<void> => {
    if (!isBroken && !output.write(`${text}\n`)) room = once(output, 'drain').then(nothing, nothing)
    return room
  }
  const front = createStdioFront({ ...options, output: { write } })
  const lines: string[] = []
  const reader = createLineReader(longestLineBytes, ({ text }) => lines.push(text))
  try {
    for await (const chunk of input.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      reader.push(chunk)
      for (const line of lines.splice(0)) await front.take(line)
      if (signal.aborted) break
    }
  } finally {
    await front.close()
  }
}

const nothing = (): void => undefined
