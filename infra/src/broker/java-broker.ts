import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'

import { kafkaArtefact } from '../artefacts/artefact.ts'
import { storedArtefact, type StoredArtefact } from '../artefacts/artefact-store.ts'
import { findFreePort } from '../free-port.ts'
import { classArchive } from '../java/class-archive.ts'
import { findJava } from '../java/java-runtime.ts'
import { startBrokerProcess } from './broker-process.ts'
import type { BrokerOptions, BrokerSource } from './broker.ts'
import { localKafkaEnvironment, parseKafkaEnvironment } from './kafka-environment.ts'

/** A broker that has topics to keep closes its logs in a second or two; a crash costs the next start the recovery. */
const lastingStop = [{ signal: 'SIGTERM', waitMs: 15_000 }] as const
/** Writing the archive takes some seconds on a busy machine. */
const recordingStop = [{ signal: 'SIGTERM', waitMs: 60_000 }] as const

/** Apache Kafka from Maven on the machine's Java. */
export const javaBroker: BrokerSource = {
  name: 'java',
  prepare: async options => {
    const java = await findJava(options.environment)
    if (!java.usable) return { unavailable: java.reason }
    const artefact = await storedArtefact(kafkaArtefact, options)
    const archive = await classArchive(
      {
        name: 'kafka',
        artefact,
        javaFingerprint: java.fingerprint,
        record: file => recordArchive(file, java.command, artefact, options),
      },
      options,
    )
    const { dataFolder, overrides, run } = options
    const lasting = dataFolder !== undefined
    const folder = join(options.supervisor.folder, 'broker')
    const port = await findFreePort()
    const layout = {
      port,
      controllerPort: await findFreePort(),
      dataFolder: dataFolder ?? join(folder, 'data'),
      ...(overrides === undefined ? {} : { overrides }),
    }
    const variables = localKafkaEnvironment(options.environment, `127.0.0.1:${port}`)
    const settings = parseKafkaEnvironment(variables)
    const prepared = { source: 'java', variables, settings, lasting } as const
    const start = async () => {
      const stopSteps = lasting ? lastingStop : []
      const process = await startBrokerProcess(
        {
          name: 'broker',
          java: java.command,
          jarFolder: artefact.folder,
          folder,
          layout,
          archive: { use: archive },
          stopSteps,
          run,
        },
        options.supervisor,
      )
      const where = lasting ? `topics in ${dataFolder}` : 'throw-away'
      const description = `${kafkaArtefact.title} on Java ${java.version}, 127.0.0.1:${port}, ${where}`
      return { ...prepared, description, process }
    }
    return { ...prepared, start }
  },
}

/** Starts a broker for nothing but its classes. */
const recordArchive = async (
  file: string,
  java: string,
  artefact: StoredArtefact,
  { supervisor, onProgress }: BrokerOptions,
): Promise<void> => {
  const text = `${kafkaArtefact.title}: noting what it loads, so that later starts are faster`
  onProgress({ part: 'kafka', state: 'working', text })
  const folder = await mkdtemp(join(supervisor.folder, 'record-broker-'))
  supervisor.removeAtEnd(folder)
  const broker = await startBrokerProcess(
    {
      name: 'record-broker',
      java,
      jarFolder: artefact.folder,
      folder,
      layout: {
        port: await findFreePort(),
        controllerPort: await findFreePort(),
        dataFolder: join(folder, 'data'),
      },
      archive: { record: file },
      stopSteps: recordingStop,
    },
    supervisor,
  )
  await broker.stop()
}
