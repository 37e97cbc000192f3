import type { CatalogueEntry } from './bundle.ts'

// The rule is about English verbs, not about tools: whoever records sessions without a catalogue gets the treatment that
// a cautious person would write down from the names alone.
const readingVerbs = new Set([
  'browse',
  'calculate',
  'check',
  'count',
  'describe',
  'fetch',
  'find',
  'get',
  'inspect',
  'list',
  'lookup',
  'query',
  'read',
  'retrieve',
  'search',
  'show',
  'summarize',
  'think',
  'verify',
  'view',
])

/** What they do cannot be taken back, or gives away control. */
const irreversibleVerbs = new Set([
  'cancel',
  'delete',
  'destroy',
  'disable',
  'drop',
  'erase',
  'exec',
  'execute',
  'grant',
  'kill',
  'pay',
  'purge',
  'remove',
  'revoke',
  'run',
  'terminate',
  'transfer',
  'wipe',
])

const reading: CatalogueEntry = { readOnly: true, sensitivity: 1, mode: 'enforce', resources: [] }
const reaching: CatalogueEntry = { readOnly: true, sensitivity: 2, mode: 'gate', resources: [] }
const acting: CatalogueEntry = { readOnly: false, sensitivity: 2, mode: 'gate', resources: [] }
const irreversible: CatalogueEntry = { readOnly: false, sensitivity: 3, mode: 'gate', resources: [] }

/**
 * The catalogue entry of a tool that nobody described, with every argument a target: read-only where its name starts with
 * a verb of reading, else sensitive and gated, critical where the verb says that it cannot be taken back. A read that is
 * told an address goes to it, and can carry something there: it is sensitive and gated, too.
 * @param tool the tool's own name, in snake, kebab or camel case
 * @param reachesOut it is given hosts or URLs
 */
export const inferCatalogueEntry = (tool: string, reachesOut = false): CatalogueEntry => {
  const [verb = ''] = tool
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z]+/, 1)
  if (readingVerbs.has(verb)) return reachesOut ? reaching : reading
  return irreversibleVerbs.has(verb) ? irreversible : acting
}
