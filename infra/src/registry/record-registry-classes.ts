import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'

import { apicurioArtefact } from '../artefacts/artefact.ts'
import type { ArtefactContext, StoredArtefact } from '../artefacts/artefact-store.ts'
import { findFreePort } from '../free-port.ts'
import { startRegistryProcess } from './registry-process.ts'

const recordingStop = [{ signal: 'SIGTERM', waitMs: 60_000 }] as const

/** Starts a registry for nothing but its classes, those of registering a schema among them. */
export const recordRegistryClasses = async (
  file: string,
  java: string,
  artefact: StoredArtefact,
  { supervisor, onProgress }: ArtefactContext,
): Promise<void> => {
  const text = `${apicurioArtefact.title}: noting what it loads, so that later starts are faster`
  onProgress({ part: 'apicurio', state: 'working', text })
  const folder = await mkdtemp(join(supervisor.folder, 'record-registry-'))
  supervisor.removeAtEnd(folder)
  const port = await findFreePort()
  const registry = await startRegistryProcess(
    {
      name: 'record-registry',
      java,
      programFolder: artefact.folder,
      folder,
      port,
      // Never on a broker: what is registered here must not stay anywhere.
      storage: { kind: 'memory' },
      archive: { record: file },
      stopSteps: recordingStop,
    },
    supervisor,
  )
  const schema = JSON.stringify({
    type: 'record',
    name: 'Rehearsal',
    fields: [{ name: 'count', type: 'long' }],
  })
  const body = JSON.stringify({ schema })
  const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
  const subject = `http://127.0.0.1:${port}/apis/ccompat/v7/subjects/rehearsal`
  for (const path of ['/versions', '']) {
    const response = await fetch(`${subject}${path}`, { method: 'POST', headers, body })
    await response.body?.cancel()
  }
  await registry.stop()
}
