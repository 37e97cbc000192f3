import type { z } from 'zod'

const longestGot = 60

/** One problem as `path: expected …, got …`. @param document what was parsed, to say what stood there */
export const describeIssue = (issue: z.core.$ZodIssue, document: unknown): string =>
  `${describePath(issue.path)}: expected ${describeExpected(issue)}, got ${describeGot(issue, document)}`

const describePath = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? 'bundle'
    : path
        .map(part => (typeof part === 'number' ? `[${part}]` : `[${JSON.stringify(String(part))}]`))
        .join('')

const describeExpected = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected
    case 'invalid_value':
      return issue.values.map(value => JSON.stringify(value)).join(' or ')
    case 'unrecognized_keys':
      return 'known keys only'
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`
    case 'too_big':
      return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'another key'
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_union':
    case 'not_multiple_of':
    default:
      return issue.message
  }
}

const describeGot = (issue: z.core.$ZodIssue, document: unknown): string => {
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => JSON.stringify(key)).join(', ')
  if (issue.code === 'invalid_key') return 'this one'
  const got = valueAt(document, issue.path)
  if (got === undefined) return 'nothing'
  const text = JSON.stringify(got)
  return text.length > longestGot ? `${text.slice(0, longestGot)}…` : text
}

const valueAt = (document: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<PropertyKey, unknown>)[part]
        : undefined,
    document,
  )
