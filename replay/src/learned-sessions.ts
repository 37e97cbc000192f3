import { createHash } from 'node:crypto'

import type { TraceSession } from '@cordon/traces'

/** Tells sessions that were learned from by all that was recorded of them: ids are unique within one recording only. */
export class LearnedSessions {
  readonly #contents: ReadonlySet<string>

  constructor(lessons: readonly TraceSession[]) {
    this.#contents = new Set(lessons.map(contentOf))
  }

  has(session: TraceSession): boolean {
    return this.#contents.size > 0 && this.#contents.has(contentOf(session))
  }
}

const contentOf = (session: TraceSession): string =>
  createHash('sha256').update(JSON.stringify(session)).digest('base64')
