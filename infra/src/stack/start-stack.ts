import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { loadBundleFile } from '@cordon/policy'

import type { PartName, Progress } from '../progress.ts'
import { startBackbone } from './backbone.ts'
import { keyBundle } from './keyed-bundle.ts'
import { prepareHumans } from './local-humans.ts'
import { completeIdentity } from './local-identity.ts'
import { givenPort, preferredPort } from './stack-ports.ts'
import type { ServiceName } from './service-entry.ts'
import { issuerUrl, serviceVariables } from './service-variables.ts'
import { startService, type Service } from './service.ts'
import { prepareStackFiles } from './stack-files.ts'
import type { Stack, StackOptions } from './stack.ts'
import type { Workplace } from './workplace.ts'

/**
 * Brings up broker, registry, topics, schemas and the four services; each when what it needs is ready.
 * `workplace.close()` stops them, also what was started when this rejects.
 * @throws InfraError, or CordonError where the bundle is none
 */
export const startStack = async (workplace: Workplace, options: StackOptions): Promise<Stack> => {
  const startedAt = performance.now()
  const readyAfterMs = new Map<PartName, number>()
  const onProgress = (progress: Progress): void => {
    if (progress.state === 'ready') readyAfterMs.set(progress.part, performance.now() - startedAt)
    workplace.onProgress(progress)
  }
  const place: Workplace = { ...workplace, onProgress }
  const { ports = {}, variables = {} } = options
  // Before anything starts: a wish that cannot be met is found out at once.
  const proxyPort = options.proxyPort === undefined ? undefined : await givenPort(options.proxyPort)

  const [backbone, tools] = await Promise.all([startBackbone(place, options), options.tools])
  const files = prepareStackFiles(place)
  const { agentCode = {} } = tools
  const portFor = preferredPort(onProgress)
  const identityPort = await portFor('identity', ports.identity)
  const given = await loadBundleFile(tools.bundleFile)
  const { identity: policy, attester } = await completeIdentity(files.keysFolder, given.identity, {
    issuer: issuerUrl({ identityPort }),
    agentCode,
    engineKeyFile: files.engineKeyFile,
  })
  const keyed = await keyBundle(files.keysFolder, { ...given, identity: policy })
  const humans = tools.humans && (await prepareHumans(files.keysFolder, tools.humans))
  const addresses = {
    identityPort,
    proxyPort: proxyPort ?? (await portFor('proxy', ports.proxy)),
    serversFile: join(place.folder, 'tool-servers.json'),
  }
  const plan = {
    environment: place.environment,
    backbone,
    tools: { ...tools, ...keyed },
    files,
    humans,
    addresses,
    variables,
  }
  const settings = serviceVariables(plan)
  const start = async (service: ServiceName): Promise<Service> => {
    onProgress({ part: service, state: 'working', text: 'starting' })
    const started = await startService(place, {
      service,
      variables: settings[service],
      operationsPort: await portFor(service, ports[`${service}-operations`]),
    })
    onProgress({ part: service, state: 'ready', text: `metrics at ${started.operationsUrl}/metrics` })
    return started
  }

  // Tool servers may carry a database password.
  await writeFile(addresses.serversFile, JSON.stringify(tools.toolServers), { mode: 0o600 })
  // The engine fetches its keys from identity; the proxy asks the engine; the scorer needs neither.
  const scorerStarting = start('scorer')
  const chain = async (): Promise<readonly [Service, Service, Service]> => {
    const identity = await start('identity')
    const engine = await start('engine')
    return [identity, engine, await start('proxy')]
  }
  const [scorer, [identity, engine, proxy]] = await Promise.all([scorerStarting, chain()])
  const services = { identity, engine, proxy, scorer }
  return {
    ...backbone,
    services,
    identityUrl: issuerUrl(addresses),
    operatorSecret: files.operatorSecret,
    bundle: keyed.bundle,
    attester,
    agentCode,
    humans,
    proxyUrl: `http://127.0.0.1:${addresses.proxyPort}`,
    engineSocket: files.engineSocket,
    readyAfterMs,
    totalMs: performance.now() - startedAt,
    failed: place.supervisor.failed,
  }
}
