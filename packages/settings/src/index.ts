export type { DeepReadonly } from './deep-freeze.ts'
export { deepFreeze } from './deep-freeze.ts'
export type { KafkaSasl, KafkaSettings, KafkaTls } from './kafka-settings.ts'
export { kafkaSettings, kafkaVariables } from './kafka-settings.ts'
export type { Environment } from './read-settings.ts'
export { readSettings } from './read-settings.ts'
export type { RegistrySettings } from './registry-settings.ts'
export { registrySettings, registryVariables } from './registry-settings.ts'
export { sealSettings } from './seal-settings.ts'
export type { ServiceSettings } from './service-settings.ts'
export { exitsWithStdin, serviceSettings, serviceVariables } from './service-settings.ts'
export type { SettingsErrorCode } from './settings-error.ts'
export { SettingsError } from './settings-error.ts'
export {
  count,
  fileText,
  flag,
  milliseconds,
  ownerFileText,
  port,
  secret,
  secretFileText,
} from './variable.ts'
