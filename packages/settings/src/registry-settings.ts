import { z } from 'zod'

import { sealSettings } from './seal-settings.ts'
import { SettingsError } from './settings-error.ts'
import { secret } from './variable.ts'

/** How to reach the schema registry. */
export interface RegistrySettings {
  /** Where the Confluent API begins, without a slash at the end. */
  readonly url: string
  readonly username?: string
  readonly password?: string
}

/** Spread into the schema of a service that needs the schema registry. */
export const registryVariables: Readonly<{
  SCHEMA_REGISTRY_URL: z.ZodType<string, string>
  CORDON_REGISTRY_USERNAME: z.ZodOptional<z.ZodType<string, string>>
  CORDON_REGISTRY_PASSWORD: z.ZodOptional<z.ZodType<string, string>>
}> = {
  SCHEMA_REGISTRY_URL: z
    .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
    // A URL is printed in many places, so a password has no place in it.
    .refine(text => !/^https?:\/\/[^/]*@/i.test(text), {
      error: 'expected a URL without a name or password (CORDON_REGISTRY_USERNAME, CORDON_REGISTRY_PASSWORD)',
    })
    .transform(text => text.replace(/\/+$/, '')),
  CORDON_REGISTRY_USERNAME: z.string().optional(),
  CORDON_REGISTRY_PASSWORD: secret().optional(),
}

type RegistryVariables = z.output<z.ZodObject<typeof registryVariables>>

/**
 * @param parsed what `readSettings` gave for a schema with `registryVariables` in it
 * @throws SettingsError where only one of name and password is given
 */
export const registrySettings = (parsed: Readonly<RegistryVariables>): RegistrySettings => {
  const username = parsed.CORDON_REGISTRY_USERNAME
  const password = parsed.CORDON_REGISTRY_PASSWORD
  if ((username === undefined) !== (password === undefined))
    throw new SettingsError('schema registry', [
      'CORDON_REGISTRY_USERNAME, CORDON_REGISTRY_PASSWORD: expected both, got one',
    ])
  const credentials = username === undefined || password === undefined ? {} : { username, password }
  return sealSettings({ url: parsed.SCHEMA_REGISTRY_URL, ...credentials }, ['password'])
}
