import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { InfraError } from '../infra-error.ts'
import type { Supervisor } from '../process/service-process.ts'
import type { Artefact } from './artefact.ts'
import { mavenCalls, mavenProject } from './maven-project.ts'

/**
 * Copies an artefact's files by Maven, with `<folder>/maven` as its local repository.
 * @returns the folder that they are in
 */
export const copyByMaven = async (
  artefact: Artefact,
  folder: string,
  supervisor: Supervisor,
): Promise<string> => {
  const repository = join(folder, 'maven')
  const files = join(folder, 'files')
  const pom = join(folder, 'pom.xml')
  await rm(files, { recursive: true, force: true })
  await mkdir(files, { recursive: true, mode: 0o700 })
  await writeFile(pom, mavenProject(artefact))
  try {
    for (const args of mavenCalls(artefact, { pom, output: files, repository })) {
      await supervisor.run({
        name: `maven-${artefact.name}`,
        command: 'mvn',
        args,
        // Maven is the user's own tool here: proxies, mirrors and its options come from the environment.
        environment: ownEnvironment(),
        folder,
      })
    }
  } catch (cause) {
    throw downloadError(artefact, cause)
  }
  return files
}

const ownEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || /^(CORDON|KAFKA|SCHEMA_REGISTRY)_/.test(name) ? [] : [[name, value]],
    ),
  )

const downloadError = (artefact: Artefact, cause: unknown): InfraError => {
  const missing = cause instanceof InfraError && cause.code === 'PROCESS_NOT_STARTED'
  const reason = cause instanceof Error ? cause.message : String(cause)
  const text = missing ? 'expected Maven (mvn) on the PATH, got none' : `Maven could not fetch it. ${reason}`
  return new InfraError('DOWNLOAD_FAILED', `${artefact.title}: ${text}`, { cause, retryable: true })
}
