/** An import, or a use, that breaks a rule. */
export interface Violation {
  readonly file: string
  readonly line: number
  /** What stands there. */
  readonly got: string
  readonly rule: string
  /** What to do about it. */
  readonly instead: string
}

/** A text per violation; the same one in several files is told once, with its places. */
export const violationTexts = (violations: readonly Violation[]): string[] =>
  [...Map.groupBy(violations, ({ got, rule, instead }) => JSON.stringify([got, rule, instead])).values()].map(
    ([first, ...others]) => violationText(first!, others),
  )

const violationText = ({ file, line, got, rule, instead }: Violation, others: readonly Violation[]): string =>
  [
    `${file}:${line}${others.length === 0 ? '' : `, and ${others.length} more of the same`}`,
    `  got      ${got}`,
    `  rule     ${rule}`,
    `  instead  ${instead}`,
  ].join('\n')
