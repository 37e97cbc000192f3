import type { CatalogueEntry, ResourceExtractor } from './bundle.ts'
import { toolEffect, type ToolEffect } from './tool-effect.ts'

/** What the arguments of a call say about it, whatever its tool is called. */
export interface ArgumentEvidence {
  /** It is given hosts or URLs: it goes there. */
  readonly reachesOut?: boolean
  /** What the statements do that it is given: only read, change rows, or more than that. */
  readonly sql?: 'reads' | 'writes' | 'commands'
  /** It is given a program or a command line. */
  readonly runsCode?: boolean
  /** Words that say which of several things it is to do: `action: "delete"`. */
  readonly actions?: readonly string[]
  /** Which arguments name a resource, by their form. */
  readonly resources?: readonly ResourceExtractor[]
}

type Effect = 'reads' | 'reaches' | 'acts' | 'irreversible'

const treatments: Readonly<Record<Effect, Omit<CatalogueEntry, 'resources'>>> = {
  reads: { readOnly: true, sensitivity: 1, mode: 'enforce' },
  reaches: { readOnly: true, sensitivity: 2, mode: 'gate' },
  acts: { readOnly: false, sensitivity: 2, mode: 'gate' },
  irreversible: { readOnly: false, sensitivity: 3, mode: 'gate' },
}

/**
 * The catalogue entry of a tool that nobody described: what a cautious person would write down who sees its name and what
 * it is given. Read-only where the name says that it reads and nothing says that it acts; else sensitive and gated, critical
 * where it cannot be taken back. A read that is told an address goes to it, and can carry something there: it is sensitive
 * and gated, too. docs/recordings.md has the whole rule.
 * @param tool its name, in snake, kebab or camel case, with or without its server
 */
export const inferCatalogueEntry = (tool: string, evidence: ArgumentEvidence = {}): CatalogueEntry => ({
  ...treatments[effectOf(tool, evidence)],
  resources: evidence.resources ?? [],
})

const effectOf = (tool: string, evidence: ArgumentEvidence): Effect => {
  const { reachesOut = false, sql, runsCode = false, actions = [] } = evidence
  const effects = [toolEffect(tool), ...actions.map(action => toolEffect(action))]
  if (runsCode || sql === 'commands' || effects.includes('irreversible')) return 'irreversible'
  // What only carries out statements does what these say.
  if (sql === 'reads' && !effects.includes('acts')) return reachesOut ? 'reaches' : 'reads'
  if (effects.includes('executes')) return 'irreversible'
  if (sql === 'writes' || !reads(effects)) return 'acts'
  return reachesOut ? 'reaches' : 'reads'
}

/** Something says that it reads, and nothing that it acts. */
const reads = (effects: readonly ToolEffect[]): boolean =>
  effects.includes('reads') && !effects.includes('acts')
