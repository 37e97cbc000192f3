import type { z } from 'zod'

import { closestName } from './closest-name.ts'
import type { DeepReadonly } from './deep-freeze.ts'
import { deepFreeze } from './deep-freeze.ts'
import { isSecret, redact } from './secret.ts'
import { SettingsError } from './settings-error.ts'

/** Names and texts as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>

export interface ReadOptions {
  /** Who reads, for messages. */
  readonly service: string
  /** Variables that others read, and what to say to whoever sets one here. */
  readonly elsewhere?: Readonly<Record<string, string>>
}

/**
 * Parses the environment once, at the start of a service.
 *
 * @param schema its keys are names of environment variables; an empty value counts as not set
 * @returns the parsed variables, deeply frozen; secrets show as `[redacted]` when it is printed
 * @throws SettingsError with every problem at once, unknown `CORDON_*` variables among them
 */
export const readSettings = <Shape extends z.core.$ZodLooseShape>(
  schema: z.ZodObject<Shape>,
  env: Environment,
  { service, elsewhere = {} }: ReadOptions,
): DeepReadonly<z.output<z.ZodObject<Shape>>> => {
  const names = Object.keys(schema.shape)
  const given = Object.fromEntries(
    names.filter(name => env[name] !== undefined && env[name] !== '').map(name => [name, env[name]]),
  )
  const secrets = new Set(
    Object.entries(schema.shape)
      .filter(([, variable]) => isSecret(variable))
      .map(([name]) => name),
  )
  const parsed = schema.safeParse(given)
  const problems = [
    ...(parsed.error?.issues ?? []).map(issue => problemText(issue, given, secrets)),
    ...unknownVariables(env, names, elsewhere),
  ]
  if (!parsed.success || problems.length > 0) throw new SettingsError(service, problems)
  return deepFreeze(redact(parsed.data, secrets))
}

const problemText = (issue: z.core.$ZodIssue, given: Environment, secrets: ReadonlySet<string>): string => {
  const name = String(issue.path[0] ?? 'variables')
  const value = given[name]
  if (value === undefined) return `${name}: expected a value, got nothing`
  // zod says "Invalid option: expected …"; the part before the colon adds nothing.
  const expected = issue.message.replace(/^[\w ]+: (?=expected)/, '')
  return `${name}: ${expected}, got ${secrets.has(name) ? 'another value (secret)' : JSON.stringify(value)}`
}

/** A variable that nobody reads is a setting that someone believes to be in force. */
const unknownVariables = (
  env: Environment,
  names: readonly string[],
  elsewhere: Readonly<Record<string, string>>,
): string[] =>
  Object.keys(env)
    .filter(name => name.startsWith('CORDON_') && !names.includes(name))
    .map(name => {
      if (Object.hasOwn(elsewhere, name)) return `${name}: ${elsewhere[name]}`
      const closest = closestName(name, names)
      const advice =
        closest === undefined ? 'this service reads no such variable' : `did you mean ${closest}?`
      return `${name}: expected a known variable; ${advice}`
    })
