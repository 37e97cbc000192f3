import { CordonError } from '@cordon/foundation'

export type SettingsErrorCode = 'SETTINGS_INVALID'

/** The environment does not describe a service that can run; carries every problem that was found. */
export class SettingsError extends CordonError<SettingsErrorCode> {
  /** One line each: variable, expected, got. Values of secrets are never among them. */
  readonly problems: readonly string[]

  constructor(service: string, problems: readonly string[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
    super('SETTINGS_INVALID', [`${service}: ${count} in the environment`, ...problems].join('\n  '))
    this.problems = problems
  }
}
