import { type JsonNode, parseJsonTree } from './json-tree.ts'

const masked = '•••'
const secretName = /key|token|secret|passw|pwd|auth|credential|cookie|header/i
/** Members whose values are secrets as often as not. */
const secretBranches: ReadonlySet<string> = new Set(['env', 'headers'])

/** A configuration as it may be shown: values of `env` and `headers`, and whatever else looks like a secret, hidden. */
export const maskSecrets = (text: string): string => {
  const changes: { start: number; end: number; to: string }[] = []

  const hide = (node: JsonNode, to: string): void => {
    changes.push({ start: node.start, end: node.end, to: JSON.stringify(to) })
  }

  const visitArgs = (items: readonly JsonNode[]): void => {
    let before = ''
    for (const item of items) {
      if (item.kind !== 'plain' || typeof item.value !== 'string') visit(item, false)
      else if (isSecretFlag(before)) hide(item, masked)
      else hideParts(item, item.value)
      before = item.kind === 'plain' ? String(item.value) : ''
    }
  }

  const hideParts = (node: JsonNode, value: string): void => {
    const shown = maskParts(value)
    if (shown !== value) hide(node, shown)
  }

  const visit = (node: JsonNode, isSecret: boolean): void => {
    if (node.kind === 'array') {
      if (isSecret) for (const item of node.items) visit(item, true)
      else visitArgs(node.items)
    } else if (node.kind === 'object') {
      for (const { name, value } of node.members) {
        // The branch itself, or a value under a telling name; a server may be called "token-service".
        const isTelling = secretBranches.has(name) || (value.kind === 'plain' && secretName.test(name))
        visit(value, isSecret || isTelling)
      }
    } else if (isSecret && node.value !== null) hide(node, masked)
    else if (typeof node.value === 'string') hideParts(node, node.value)
  }

  visit(parseJsonTree(text).root, false)
  return changes
    .toSorted((a, b) => b.start - a.start)
    .reduce((shown, { start, end, to }) => shown.slice(0, start) + to + shown.slice(end), text)
}

const isSecretFlag = (word: string): boolean =>
  /^--?[\w-]+$/.test(word) && (secretName.test(word) || word === '-H')

const maskParts = (value: string): string =>
  value
    .replace(/^(--?[\w-]+)=(.+)$/s, (whole, flag: string) =>
      secretName.test(flag) ? `${flag}=${masked}` : whole,
    )
    .replaceAll(/(\b[\w-]*(?:authorization|token|key|secret|cookie)[\w-]*\s*:\s*)\S.*/gi, `$1${masked}`)
    .replaceAll(/(\w+:\/\/)[^/\s@]+@/g, `$1${masked}@`)
    .replaceAll(/([?&][^=&\s]+=)[^&\s#]+/g, `$1${masked}`)
    .replaceAll(/\b(Bearer|Basic)\s+\S+/gi, `$1 ${masked}`)
