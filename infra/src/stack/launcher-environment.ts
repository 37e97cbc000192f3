import {
  kafkaSettings,
  kafkaVariables,
  readSettings,
  registrySettings,
  registryVariables,
  serviceVariables,
  type Environment,
} from '@cordon/settings'
import { z } from 'zod'

import { variablesOfServices } from './variables-of-services.ts'

const service = 'launcher'

/** What a launcher reads itself, and what it passes on to services. */
const schema = z.object({
  ...kafkaVariables,
  ...registryVariables,
  KAFKA_BROKERS: kafkaVariables.KAFKA_BROKERS.optional(),
  SCHEMA_REGISTRY_URL: registryVariables.SCHEMA_REGISTRY_URL.optional(),
  CORDON_LOG_LEVEL: serviceVariables.CORDON_LOG_LEVEL,
  CORDON_CACHE_DIR: z.string().optional(),
})

/**
 * Before anything is started.
 * @throws SettingsError which names every `CORDON_*` variable that would be dropped silently, every value of the wrong
 *   form, and what contradicts each other
 */
export const checkLauncherEnvironment = (environment: Environment): void => {
  const {
    KAFKA_BROKERS: brokers,
    SCHEMA_REGISTRY_URL: registry,
    ...others
  } = readSettings(schema, environment, { service, elsewhere: variablesOfServices })
  // Without an address the rest is of a cluster that is not used: a broker of one's own needs no credentials.
  if (brokers !== undefined) kafkaSettings({ ...others, KAFKA_BROKERS: brokers }, { service })
  if (registry !== undefined) registrySettings({ ...others, SCHEMA_REGISTRY_URL: registry })
}
