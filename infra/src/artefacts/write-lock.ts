// npm run lock -w @cordon/infra: downloads every artefact and writes what came as the lock.
import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { openSupervisor } from '../process/supervisor.ts'
import { baseEnvironment } from '../process/base-environment.ts'
import { apicurioArtefact, kafkaArtefact, type Artefact } from './artefact.ts'
import { artefactLockFile, type LockedArtefact, type LockedFile } from './artefact-lock.ts'
import { fileChecksum, folderChecksum } from './checksum.ts'
import { copyByMaven } from './maven.ts'

const supervisor = await openSupervisor()
const { folder } = supervisor

const lockOf = async (artefact: Artefact): Promise<LockedArtefact> => {
  console.log(`${artefact.title}: downloading`)
  const files = await copyByMaven(artefact, join(folder, artefact.name), supervisor)
  const locked: Record<string, LockedFile> = {}
  for (const name of (await readdir(files)).sort()) {
    const { size } = await stat(join(files, name))
    locked[name] = { sha256: await fileChecksum(join(files, name)), bytes: size }
  }
  if (!artefact.unpack) return { version: artefact.version, files: locked }
  for (const name of Object.keys(locked)) {
    await supervisor.run({
      name: 'unpack',
      command: 'tar',
      args: ['-xzf', join(files, name), '-C', files, '--no-same-owner'],
      environment: baseEnvironment(process.env),
    })
    await rm(join(files, name))
  }
  return { version: artefact.version, files: locked, unpacked: await folderChecksum(files) }
}

try {
  const lock: Record<string, LockedArtefact> = {}
  for (const artefact of [kafkaArtefact, apicurioArtefact]) lock[artefact.name] = await lockOf(artefact)
  await writeFile(artefactLockFile, `${JSON.stringify(lock, undefined, 2)}\n`)
} finally {
  await supervisor.close()
}
