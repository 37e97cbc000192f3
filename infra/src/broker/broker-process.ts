import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { ArchiveUse } from '../java/class-archive.ts'
import { javaFlags, type RunLength } from '../java/java-command.ts'
import { propertiesText } from '../java/properties-file.ts'
import { baseEnvironment } from '../process/base-environment.ts'
import type { StopStep } from '../process/guardian-messages.ts'
import { endsWithParent } from '../process/ends-with-parent.ts'
import { acceptsConnections } from '../process/readiness.ts'
import type { ServiceProcess, Supervisor } from '../process/service-process.ts'
import { brokerProperties, type BrokerLayout } from './broker-properties.ts'

export interface BrokerProcess {
  readonly name: string
  readonly java: string
  readonly jarFolder: string
  /** Settings, temporary files; the layout's data folder may lie in it. */
  readonly folder: string
  readonly layout: BrokerLayout
  readonly archive: ArchiveUse
  readonly stopSteps: readonly StopStep[]
  readonly run?: RunLength | undefined
}

const heapMegabytes = 512
const readyTimeoutMs = 60_000

/** Formats the data folder where it is new, starts the broker, and resolves when it listens. */
export const startBrokerProcess = async (
  broker: BrokerProcess,
  supervisor: Supervisor,
): Promise<ServiceProcess> => {
  const { layout } = broker
  const temporaryFolder = join(broker.folder, 'tmp')
  await mkdir(temporaryFolder, { recursive: true, mode: 0o700 })
  await mkdir(layout.dataFolder, { recursive: true, mode: 0o700 })
  const settings = join(broker.folder, 'server.properties')
  await writeFile(settings, propertiesText(brokerProperties(layout)), { mode: 0o600 })
  // Jars by name: a class path with a wildcard is not archived.
  const jars = (await readdir(broker.jarFolder)).sort().map(name => join(broker.jarFolder, name))
  const command = (
    main: string,
    { archive, run }: Pick<BrokerProcess, 'archive' | 'run'>,
    ...args: readonly string[]
  ): readonly string[] => [
    ...javaFlags({ heapMegabytes, temporaryFolder, archive, run }),
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
    '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
    '-cp',
    jars.join(':'),
    main,
    ...args,
  ]
  const environment = baseEnvironment(process.env)

  if (!existsSync(join(layout.dataFolder, 'meta.properties'))) {
    const archive = 'use' in broker.archive ? broker.archive : { use: undefined }
    const format = ['format', '--cluster-id', newClusterId(), '--config', settings]
    await supervisor.run({
      name: `${broker.name}-format`,
      command: broker.java,
      args: command('kafka.tools.StorageTool', { archive }, ...format),
      environment,
    })
  }
  return supervisor.start(
    {
      name: broker.name,
      ...endsWithParent({ command: broker.java, args: command('kafka.Kafka', broker, settings) }),
      environment,
      stopSteps: broker.stopSteps,
    },
    { isReady: () => acceptsConnections('127.0.0.1', layout.port), timeoutMs: readyTimeoutMs },
  )
}

/** Kafka wants a UUID in URL-safe base64, and none that begins with a dash. */
const newClusterId = (): string => randomBytes(16).toString('base64url').replace(/^-/, 'A')
