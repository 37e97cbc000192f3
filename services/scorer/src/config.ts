import { newestEncoding, sessionEncodings, type SessionEncoding } from '@cordon/risk'
import {
  kafkaSettings,
  kafkaVariables,
  milliseconds,
  readSettings,
  registrySettings,
  registryVariables,
  sealSettings,
  serviceSettings,
  serviceVariables,
  type Environment,
  type KafkaSettings,
  type RegistrySettings,
  type ServiceSettings,
} from '@cordon/settings'
import { z } from 'zod'

/** What the scorer can be told. */
export interface ScorerConfig extends ServiceSettings {
  readonly kafka: KafkaSettings
  readonly registry: RegistrySettings
  /** Thresholds, priors and weights. */
  readonly bundleFile: string
  /** What agents normally do. */
  readonly baselinesFile: string
  /** Scorers of one group share the partitions out among themselves. */
  readonly group: string
  /** Signs decisions; the same for all scorers. */
  readonly decisionKeyFile: string
  /** Version of the states that it writes. */
  readonly stateVersion: SessionEncoding
  /** How long after its end a session begins to teach. */
  readonly quarantineMs: number
  /** How often time is written to the log; 0: somebody else writes it (a recording is played with its own time). */
  readonly tickIntervalMs: number
  /** How long after its last heartbeat a scorer's partitions go to another. */
  readonly sessionTimeoutMs: number
}

const stateVersions = sessionEncodings.map(String)

const schema = z.object({
  ...serviceVariables,
  ...kafkaVariables,
  ...registryVariables,
  CORDON_BUNDLE_FILE: z.string().min(1),
  CORDON_BASELINES_FILE: z.string().min(1),
  CORDON_DECISION_KEY_FILE: z.string().min(1),
  CORDON_STATE_VERSION: z
    .enum(stateVersions, {
      error: `expected ${stateVersions.slice(0, -1).join(', ')} or ${stateVersions.at(-1)}`,
    })
    .default(String(newestEncoding))
    .transform(version => Number(version) as SessionEncoding),
  CORDON_SCORER_GROUP: z.string().min(1).default('scorer'),
  CORDON_QUARANTINE_MS: milliseconds().default(86_400_000),
  CORDON_TICK_INTERVAL_MS: milliseconds().default(1000),
  CORDON_SESSION_TIMEOUT_MS: milliseconds().default(6000),
})

/** @throws SettingsError that lists every problem */
export const readConfig = (environment: Environment): ScorerConfig => {
  const parsed = readSettings(schema, environment, { service: 'scorer' })
  return sealSettings({
    ...serviceSettings(parsed),
    kafka: kafkaSettings(parsed, { service: 'scorer' }),
    registry: registrySettings(parsed),
    bundleFile: parsed.CORDON_BUNDLE_FILE,
    baselinesFile: parsed.CORDON_BASELINES_FILE,
    decisionKeyFile: parsed.CORDON_DECISION_KEY_FILE,
    stateVersion: parsed.CORDON_STATE_VERSION,
    group: parsed.CORDON_SCORER_GROUP,
    quarantineMs: parsed.CORDON_QUARANTINE_MS,
    tickIntervalMs: parsed.CORDON_TICK_INTERVAL_MS,
    sessionTimeoutMs: parsed.CORDON_SESSION_TIMEOUT_MS,
  })
}
