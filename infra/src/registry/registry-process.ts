import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { apicurioArtefact } from '../artefacts/artefact.ts'
import type { ArchiveUse } from '../java/class-archive.ts'
import { javaFlags } from '../java/java-command.ts'
import { propertiesText } from '../java/properties-file.ts'
import { baseEnvironment } from '../process/base-environment.ts'
import type { StopStep } from '../process/guardian-messages.ts'
import { endsWithParent } from '../process/ends-with-parent.ts'
import { answersOk } from '../process/readiness.ts'
import type { ServiceProcess, Supervisor } from '../process/service-process.ts'
import { registryProperties } from './registry-properties.ts'
import type { RegistryStorage } from './registry.ts'

export interface RegistryProcess {
  readonly name: string
  readonly java: string
  /** Where the archive was unpacked. */
  readonly programFolder: string
  /** Settings and temporary files. */
  readonly folder: string
  readonly port: number
  readonly storage: RegistryStorage
  readonly archive: ArchiveUse
  readonly stopSteps: readonly StopStep[]
}

const heapMegabytes = 192
const readyTimeoutMs = 90_000
const jar = `apicurio-registry-app-${apicurioArtefact.version}-runner.jar`

/** Starts the registry and resolves when it has read back its ids. */
export const startRegistryProcess = async (
  registry: RegistryProcess,
  supervisor: Supervisor,
): Promise<ServiceProcess> => {
  const temporaryFolder = join(registry.folder, 'tmp')
  await mkdir(temporaryFolder, { recursive: true, mode: 0o700 })
  // In a file, because arguments and environments can be read by others, and passwords of clusters stand in it.
  const settings = join(registry.folder, 'registry.properties')
  await writeFile(settings, propertiesText(registryProperties(registry.port, registry.storage)), {
    mode: 0o600,
  })
  return supervisor.start(
    {
      name: registry.name,
      ...endsWithParent({
        command: registry.java,
        args: [
          ...javaFlags({ heapMegabytes, temporaryFolder, archive: registry.archive }),
          `-Dsmallrye.config.locations=${settings}`,
          '-jar',
          join(registry.programFolder, jar),
        ],
      }),
      environment: baseEnvironment(process.env),
      folder: registry.folder,
      // Services that drain have every schema; and it says farewell to the broker, whichever of the two was started first.
      stopsWith: 'services',
      stopSteps: registry.stopSteps,
    },
    {
      isReady: () => answersOk(`http://127.0.0.1:${registry.port}/health/ready`),
      timeoutMs: readyTimeoutMs,
    },
  )
}
