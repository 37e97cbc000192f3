import { kafkaVariables, readSettings, registryVariables, type Environment } from '@cordon/settings'
import { z } from 'zod'

/** What a launcher reads itself, and what it passes on to services. */
const names = [...Object.keys(kafkaVariables), ...Object.keys(registryVariables), 'CORDON_CACHE_DIR']

// Their values are judged where they are used: those of another cluster do not matter to a broker that is started here.
const schema = z.object(Object.fromEntries(names.map(name => [name, z.string().optional()])))

/** @throws SettingsError which names every `CORDON_*` variable that would be dropped silently */
export const checkLauncherEnvironment = (environment: Environment): void => {
  readSettings(schema, environment, { service: 'launcher' })
}
