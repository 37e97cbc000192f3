import type { FindSubject, Subject, SubjectBaseline } from '@cordon/risk'
import { emptySubjectBaseline, parseSubjectBaseline, subjectKey } from '@cordon/risk'
import type { AgentBaseline, BaselineVersion } from '@cordon/schemas'

import { baselineAwaited } from './active-baselines.ts'
import type { HeldBaselines } from './active-baselines.ts'

/** What one tick announces at most. */
const announcedAtOnce = 64

/** A version as it is held: read when the first session asks for it. */
interface HeldVersion {
  readonly text: string
  baseline: SubjectBaseline | undefined
}

export interface BaselineLibraryOptions {
  /** Version 0 of each. */
  readonly ofFile: (subject: Subject) => SubjectBaseline
  /** A session is pinned to a version that nobody has any more: it is judged as if nothing were known. */
  readonly onMissing: (version: BaselineVersion) => void
}

/** Every version of every subject that the profiler published and has not withdrawn. */
export class BaselineLibrary implements HeldBaselines {
  readonly #options: BaselineLibraryOptions
  readonly #subjects = new Map<string, Map<number, HeldVersion>>()
  readonly #newest = new Map<string, number>()
  readonly #announced = new Map<number, Map<string, number>>()
  #complete = false

  constructor(options: BaselineLibraryOptions) {
    this.#options = options
  }

  put({ subject, version, baseline: text }: AgentBaseline): void {
    const versions = this.#subjects.get(subject) ?? new Map<number, HeldVersion>()
    this.#subjects.set(subject, versions)
    versions.set(version, { text, baseline: undefined })
    this.#newest.set(subject, Math.max(version, this.#newest.get(subject) ?? 0))
  }

  drop({ subject, version }: BaselineVersion): void {
    this.#subjects.get(subject)?.delete(version)
  }

  /** Everything that had been published when it was asked for is held: what is missing from now on, is missing. */
  complete(): void {
    this.#complete = true
  }

  has({ subject, version }: BaselineVersion): boolean {
    return this.#subjects.get(subject)?.has(version) ?? false
  }

  /** @throws CordonError `BASELINE_AWAITED` while not everything is held yet, RiskError `BASELINES_MALFORMED` */
  readonly find: FindSubject = (subject, version) => {
    if (version === 0) return this.#options.ofFile(subject)
    const key = subjectKey(subject)
    const held = this.#subjects.get(key)?.get(version)
    if (held !== undefined) return (held.baseline ??= parseSubjectBaseline(held.text))
    if (!this.#complete) throw baselineAwaited({ subject: key, version })
    this.#options.onMissing({ subject: key, version })
    return emptySubjectBaseline
  }

  /** What the partition's log does not know yet, as far as this process can tell; the log ignores what it knows. */
  announce(partition: number): readonly BaselineVersion[] {
    const announced = this.#announced.get(partition) ?? new Map<string, number>()
    this.#announced.set(partition, announced)
    const news: BaselineVersion[] = []
    for (const [subject, version] of this.#newest) {
      if (news.length === announcedAtOnce) break
      if ((announced.get(subject) ?? 0) >= version) continue
      announced.set(subject, version)
      news.push({ subject, version })
    }
    return news
  }
}
