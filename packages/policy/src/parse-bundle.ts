import { CordonError } from '@cordon/foundation'

import type { Bundle } from './bundle.ts'
import { bundleSchema } from './bundle-schema.ts'
import { describeIssue } from './schema-issue.ts'

export type PolicyErrorCode = 'BUNDLE_UNREADABLE' | 'BUNDLE_NOT_JSON' | 'BUNDLE_INVALID'

/**
 * @param source what the errors call the text, such as its file name
 * @throws CordonError `BUNDLE_NOT_JSON`, or `BUNDLE_INVALID` with every problem's path, expected and got
 */
export const parseBundle = (text: string, source: string): Bundle => {
  const document = parseJson(text, source)
  const parsed = bundleSchema.safeParse(document)
  if (parsed.success) return deepFreeze(parsed.data)
  const problems = parsed.error.issues.map(issue => `  ${describeIssue(issue, document)}`)
  throw new CordonError<PolicyErrorCode>('BUNDLE_INVALID', `bundle ${source}:\n${problems.join('\n')}`)
}

const parseJson = (text: string, source: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : 'other text'
    throw new CordonError<PolicyErrorCode>(
      'BUNDLE_NOT_JSON',
      `bundle ${source}: expected JSON, got text that is none (${got})`,
      { cause },
    )
  }
}

const deepFreeze = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) deepFreeze(part)
    Object.freeze(value)
  }
  return value
}
