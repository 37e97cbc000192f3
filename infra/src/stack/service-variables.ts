import type { Environment } from '@cordon/settings'

import type { Backbone } from './backbone.ts'
import type { KeyedBundle } from './keyed-bundle.ts'
import type { LocalHumans } from './local-humans.ts'
import type { ServiceName } from './service-entry.ts'
import type { StackFiles } from './stack-files.ts'
import type { StackOptions, StackTools } from './stack.ts'

export interface StackAddresses {
  readonly identityPort: number
  readonly proxyPort: number
  readonly serversFile: string
}

/** What the services' settings follow from. */
export interface StackPlan {
  /** The launcher's. */
  readonly environment: Environment
  readonly backbone: Pick<Backbone, 'variables'>
  readonly tools: Pick<StackTools, 'baselinesFile'> & Pick<KeyedBundle, 'bundleFile' | 'decisionKeyFile'>
  readonly files: StackFiles
  /** Absent: nobody signs in at identity itself. */
  readonly humans: Pick<LocalHumans, 'humansFile'> | undefined
  readonly addresses: StackAddresses
  readonly variables?: StackOptions['variables']
}

/** Who issues tokens: also where engines fetch the keys. */
export const issuerUrl = ({ identityPort }: Pick<StackAddresses, 'identityPort'>): string =>
  `http://127.0.0.1:${identityPort}`

/** What each service is told. The proxy gets no way to Kafka: it parses hostile bytes. */
export const serviceVariables = ({
  environment,
  backbone,
  tools,
  files,
  humans,
  addresses,
  variables,
}: StackPlan): Readonly<Record<ServiceName, Readonly<Record<string, string>>>> => {
  const issuer = issuerUrl(addresses)
  const logLevel = environment['CORDON_LOG_LEVEL'] ?? ''
  const shared = logLevel === '' ? {} : { CORDON_LOG_LEVEL: logLevel }
  return {
    identity: {
      ...shared,
      ...backbone.variables,
      CORDON_IDENTITY_PORT: String(addresses.identityPort),
      CORDON_ISSUER: issuer,
      CORDON_OPERATOR_SECRET_FILE: files.operatorSecretFile,
      ...(humans && { CORDON_IDENTITY_HUMANS_FILE: humans.humansFile }),
      CORDON_IDENTITY_DATA_DIR: files.identityDataFolder,
      CORDON_IDENTITY_KEY_FILE: files.identityKeyFile,
      CORDON_FINGERPRINT_KEY_FILE: files.fingerprintKeyFile,
      CORDON_BUNDLE_FILE: tools.bundleFile,
      ...variables?.identity,
    },
    scorer: {
      ...shared,
      ...backbone.variables,
      CORDON_BUNDLE_FILE: tools.bundleFile,
      CORDON_BASELINES_FILE: tools.baselinesFile,
      CORDON_DECISION_KEY_FILE: tools.decisionKeyFile,
      ...variables?.scorer,
    },
    engine: {
      ...shared,
      ...backbone.variables,
      CORDON_ENGINE_SOCKET: files.engineSocket,
      CORDON_BUNDLE_FILE: tools.bundleFile,
      CORDON_ISSUER: issuer,
      CORDON_JWKS_URL: `${issuer}/.well-known/jwks.json`,
      CORDON_FINGERPRINT_KEY_FILE: files.fingerprintKeyFile,
      CORDON_ENGINE_KEY_FILE: files.engineKeyFile,
      CORDON_SPOOL_DIR: files.spoolFolder,
      ...variables?.engine,
    },
    proxy: {
      ...shared,
      CORDON_PROXY_PORT: String(addresses.proxyPort),
      CORDON_ENGINE_SOCKET: files.engineSocket,
      CORDON_SERVERS_FILE: addresses.serversFile,
      CORDON_AUTHORIZATION_SERVER: issuer,
      ...variables?.proxy,
    },
  }
}
