import type { Backbone } from './backbone.ts'
import type { ServiceName } from './service-entry.ts'
import type { StackFiles } from './stack-files.ts'
import type { StackOptions } from './stack.ts'

export interface StackAddresses {
  readonly identityPort: number
  readonly proxyPort: number
  readonly serversFile: string
}

/** Who issues tokens: also where engines fetch the keys. */
export const issuerUrl = ({ identityPort }: StackAddresses): string => `http://127.0.0.1:${identityPort}`

/** What each service is told. The proxy gets no way to Kafka: it parses hostile bytes. */
export const serviceVariables = (
  options: StackOptions,
  { variables: backbone }: Pick<Backbone, 'variables'>,
  files: StackFiles,
  addresses: StackAddresses,
): Readonly<Record<ServiceName, Readonly<Record<string, string>>>> => {
  const issuer = issuerUrl(addresses)
  const shared = options.logLevel === undefined ? {} : { CORDON_LOG_LEVEL: options.logLevel }
  return {
    identity: {
      ...shared,
      ...backbone,
      CORDON_IDENTITY_PORT: String(addresses.identityPort),
      CORDON_ISSUER: issuer,
      CORDON_STARTUP_SECRET_FILE: files.startupSecretFile,
      CORDON_IDENTITY_KEY_FILE: files.identityKeyFile,
      CORDON_BUNDLE_FILE: options.bundleFile,
      ...options.variables?.identity,
    },
    scorer: {
      ...shared,
      ...backbone,
      CORDON_BUNDLE_FILE: options.bundleFile,
      CORDON_BASELINES_FILE: options.baselinesFile,
      ...options.variables?.scorer,
    },
    engine: {
      ...shared,
      ...backbone,
      CORDON_ENGINE_SOCKET: files.engineSocket,
      CORDON_BUNDLE_FILE: options.bundleFile,
      CORDON_ISSUER: issuer,
      CORDON_JWKS_URL: `${issuer}/.well-known/jwks.json`,
      CORDON_FINGERPRINT_KEY_FILE: files.fingerprintKeyFile,
      ...options.variables?.engine,
    },
    proxy: {
      ...shared,
      CORDON_PROXY_PORT: String(addresses.proxyPort),
      CORDON_ENGINE_SOCKET: files.engineSocket,
      CORDON_SERVERS_FILE: addresses.serversFile,
      ...options.variables?.proxy,
    },
  }
}
