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

export const violationText = ({ file, line, got, rule, instead }: Violation): string =>
  `${file}:${line}\n  got      ${got}\n  rule     ${rule}\n  instead  ${instead}`
