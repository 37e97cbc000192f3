import { join } from 'node:path'

import { apicurioArtefact } from '../artefacts/artefact.ts'
import { storedArtefact } from '../artefacts/artefact-store.ts'
import { findFreePort } from '../free-port.ts'
import { InfraError } from '../infra-error.ts'
import { classArchive } from '../java/class-archive.ts'
import { findJava, leastJavaVersion } from '../java/java-runtime.ts'
import { givenRegistry } from './given-registry.ts'
import { recordRegistryClasses } from './record-registry-classes.ts'
import { startRegistryProcess } from './registry-process.ts'
import type { Registry, RegistryOptions } from './registry.ts'

/** What it acknowledged stands in the journal, so there is nothing to wait for but its farewell to the broker. */
const lastingStop = [{ signal: 'SIGTERM', waitMs: 3000 }] as const

/**
 * The registry of `SCHEMA_REGISTRY_URL`, else Apicurio from Maven on the machine's Java.
 * @throws InfraError with the ways out
 */
export const startRegistry = async (options: RegistryOptions): Promise<Registry> =>
  (await givenRegistry(options)) ?? (await javaRegistry(options))

const javaRegistry = async (options: RegistryOptions): Promise<Registry> => {
  const java = await findJava(options.environment)
  if (!java.usable) throw missing(java.reason)
  const artefact = await storedArtefact(apicurioArtefact, options).catch((cause: unknown) => {
    throw cause instanceof InfraError && cause.code === 'DOWNLOAD_FAILED'
      ? missing(cause.message, cause)
      : cause
  })
  const archive = await classArchive(
    {
      name: 'apicurio',
      artefact,
      javaFingerprint: java.fingerprint,
      record: file => recordRegistryClasses(file, java.command, artefact, options),
    },
    options,
  )
  const port = await findFreePort()
  const process = await startRegistryProcess(
    {
      name: 'registry',
      java: java.command,
      programFolder: artefact.folder,
      folder: join(options.supervisor.folder, 'registry'),
      port,
      storage: options.storage,
      archive: { use: archive },
      stopSteps: options.storage.kind === 'memory' ? [] : lastingStop,
    },
    options.supervisor,
  )
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`
  const ids = options.storage.kind === 'memory' ? 'in memory' : 'in topics of the broker'
  return {
    source: 'java',
    description: `${apicurioArtefact.title} on Java ${java.version}, 127.0.0.1:${port}, ids ${ids}`,
    variables: { SCHEMA_REGISTRY_URL: url },
    settings: { url },
    process,
  }
}

const missing = (reason: string, cause?: unknown): InfraError =>
  new InfraError(
    'REGISTRY_MISSING',
    [
      'No schema registry can be had:',
      '  SCHEMA_REGISTRY_URL: not set',
      `  java: ${reason}`,
      'Ways out:',
      '  - set SCHEMA_REGISTRY_URL=https://host/path to use a registry that runs already, or',
      `  - install Java ${leastJavaVersion} or newer and Maven (Debian, Ubuntu: apt install openjdk-17-jre-headless maven)`,
    ].join('\n'),
    { cause },
  )
