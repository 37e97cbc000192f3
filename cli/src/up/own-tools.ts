import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import { CordonError, faultInWords } from '@cordon/foundation'
import { loadBundleFile, parseBundle, type Bundle } from '@cordon/policy'
import { parseServers } from '@cordon/proxy'
import { parseBaselines, RiskError } from '@cordon/risk'
import { SettingsError } from '@cordon/settings'

import { starterBundle } from './starter-bundle.ts'

/** Files of one's own, as they were named on the command line. */
export interface OwnFiles {
  readonly serversFile: string
  /** Absent: one for servers that nobody has described yet. */
  readonly bundleFile?: string
  readonly baselinesFile?: string
}

/** Tool servers, catalogue and baselines that are not the demo's. */
export interface OwnTools {
  readonly toolServers: ReturnType<typeof parseServers>
  readonly bundle: Bundle
  /** Absolute, since services run in folders of their own; or the text of a bundle that stands in no file yet. */
  readonly bundleSource: { readonly file: string } | { readonly text: string }
  /** Absent: nothing is known. */
  readonly baselinesFile?: string
}

type FileErrorCode = 'FILE_UNREADABLE' | 'FILE_INVALID'

/**
 * Reads all of them before anything is started, so that what is wrong is said of the file that it stands in.
 * @throws CordonError which names the file, what was expected and what was got
 */
export const readOwnTools = async (files: OwnFiles): Promise<OwnTools> => {
  const toolServers = serversOf(await read(files.serversFile), files.serversFile)
  const own = { toolServers, ...(await bundleFor(files.bundleFile, Object.keys(toolServers))) }
  if (files.baselinesFile === undefined) return own
  checkBaselines(await read(files.baselinesFile), files.baselinesFile)
  return { ...own, baselinesFile: resolve(files.baselinesFile) }
}

const bundleFor = async (
  file: string | undefined,
  servers: readonly string[],
): Promise<Pick<OwnTools, 'bundle' | 'bundleSource'>> => {
  if (file !== undefined) return { bundle: await loadBundleFile(file), bundleSource: { file: resolve(file) } }
  const text = starterBundle(servers)
  return { bundle: parseBundle(text, 'starter bundle'), bundleSource: { text } }
}

/** Paths in commands count from where the user is, not from where the proxy runs. */
const serversOf = (text: string, file: string): OwnTools['toolServers'] => {
  try {
    const servers = Object.entries(parseServers(text, file))
    return Object.fromEntries(
      servers.map(([name, server]) => [
        name,
        server.transport === 'stdio' ? { ...server, cwd: resolve(server.cwd ?? '.') } : server,
      ]),
    )
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    throw new CordonError<FileErrorCode>('FILE_INVALID', error.problems.join('\n'), { cause: error })
  }
}

const checkBaselines = (text: string, file: string): void => {
  try {
    parseBaselines(text)
  } catch (error) {
    if (!(error instanceof RiskError)) throw error
    throw new CordonError<FileErrorCode>('FILE_INVALID', `${file}: ${error.message}`, { cause: error })
  }
}

const read = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new CordonError<FileErrorCode>(
      'FILE_UNREADABLE',
      `${file}: expected a readable file, got ${faultInWords(cause)}`,
      { cause },
    )
  }
}
