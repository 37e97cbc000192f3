import { Session } from 'node:inspector'
import type { Profiler } from 'node:inspector'

/** The blocks of readers, and of the libraries that they read with, that ran since the last time. */
export interface Coverage {
  /** Blocks that never ran before; those of the next time are others. */
  takeNew(): number
  stop(): void
}

/** V8's own block counts, the ones that `node --test` covers with: nothing is instrumented, nothing is built. */
export const startCoverage = (): Coverage => {
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  const known = new Set<string>()

  // Without a promise: the inspector of this very thread answers before `post` returns.
  const takeCounts = (): readonly Profiler.ScriptCoverage[] => {
    let counts: readonly Profiler.ScriptCoverage[] = []
    session.post('Profiler.takePreciseCoverage', (error, taken) => {
      if (error !== null) throw error
      counts = taken.result
    })
    return counts
  }

  return {
    takeNew() {
      const before = known.size
      for (const { url, functions } of takeCounts()) {
        if (!isRead(url)) continue
        for (const { ranges } of functions)
          for (const { startOffset, endOffset, count } of ranges)
            if (count > 0) known.add(`${url}:${startOffset}:${endOffset}`)
      }
      return known.size - before
    },
    stop: () => session.disconnect(),
  }
}

const isRead = (url: string): boolean => url.startsWith('file:') && !url.includes('/fuzz/')
