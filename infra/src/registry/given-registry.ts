import { readSettings, registrySettings, registryVariables } from '@cordon/settings'
import { z } from 'zod'

import { InfraError } from '../infra-error.ts'
import type { Registry, RegistryOptions } from './registry.ts'

const reachMs = 5000

/**
 * The registry that `SCHEMA_REGISTRY_URL` names; `undefined` where it is not set.
 * @throws InfraError `REGISTRY_UNREACHABLE`
 */
export const givenRegistry = async ({ environment }: RegistryOptions): Promise<Registry | undefined> => {
  const variables = Object.fromEntries(
    Object.keys(registryVariables).flatMap(name => {
      const value = environment[name]
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )
  if (variables['SCHEMA_REGISTRY_URL'] === undefined) return undefined
  const settings = registrySettings(
    readSettings(z.object(registryVariables), variables, { service: 'launcher' }),
  )
  const answer = await subjectsAnswer(settings.url, authorization(settings.username, settings.password))
  if (answer !== 'ok') {
    throw new InfraError(
      'REGISTRY_UNREACHABLE',
      `SCHEMA_REGISTRY_URL: expected a registry with the Confluent API at ${settings.url}, got ${answer}. ` +
        'Correct it, or unset it: then a registry is started here.',
      { retryable: true },
    )
  }
  const description = `the registry of SCHEMA_REGISTRY_URL (${settings.url})`
  return { source: 'SCHEMA_REGISTRY_URL', description, variables, settings }
}

const authorization = (username = '', password = ''): Readonly<Record<string, string>> =>
  username === ''
    ? {}
    : { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }

const subjectsAnswer = async (url: string, headers: Readonly<Record<string, string>>): Promise<string> => {
  try {
    const response = await fetch(`${url}/subjects`, { headers, signal: AbortSignal.timeout(reachMs) })
    await response.body?.cancel()
    return response.ok ? 'ok' : `status ${response.status}`
  } catch {
    return `no answer within ${reachMs / 1000} s`
  }
}
