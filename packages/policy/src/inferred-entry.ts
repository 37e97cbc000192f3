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
  'search',
  'show',
  'summarize',
  'think',
  'view',
])

const reading: CatalogueEntry = { readOnly: true, sensitivity: 1, mode: 'enforce', resources: [] }
const acting: CatalogueEntry = { readOnly: false, sensitivity: 2, mode: 'gate', resources: [] }

/**
 * The catalogue entry of a tool that nobody described: read-only where its name starts with a verb of reading, else
 * sensitive and gated, with every argument a target.
 * @param tool the tool's own name, in snake, kebab or camel case
 */
export const inferCatalogueEntry = (tool: string): CatalogueEntry => {
  const [verb] = tool
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z]+/, 1)
  return readingVerbs.has(verb ?? '') ? reading : acting
}
