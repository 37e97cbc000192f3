import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { CordonError } from '@cordon/foundation'
import { replaceOwnerFile } from '@cordon/owner-files'

import type { ConnectErrorCode } from '../core/error-code.ts'
import type { Suggestions } from '../core/import/suggestions.ts'
import { isJsonObject, parseJson } from '../core/mcp/client-message.ts'
import { readConfigFile } from './config-file.ts'

// Beside the profile stands what imports suggest to an operator: servers with their secrets, and entries of a catalogue.

const serversFile = (folder: string): string => join(folder, 'imported-servers.json')
const catalogueFile = (folder: string): string => join(folder, 'imported-catalogue.json')

/**
 * Together with those of imports before.
 * @returns names of the servers that were not there, and what an operator has to do
 * @throws CordonError `CLIENT_CONFIG_INVALID`
 */
export const addSuggestions = async (
  folder: string,
  { servers, catalogue, known }: Suggestions,
): Promise<{ readonly names: readonly string[]; readonly words: readonly string[] }> => {
  if (Object.keys(servers).length === 0) return { names: [], words: [] }
  await mkdir(folder, { recursive: true })
  const before = await readEntries(serversFile(folder))
  const together = { ...before, ...servers }
  await writeEntries(serversFile(folder), together)
  const described = await readEntries(catalogueFile(folder))
  await writeEntries(catalogueFile(folder), { ...described, ...catalogue })
  return {
    names: Object.keys(servers).filter(name => !Object.hasOwn(before, name)),
    words: whatToDo(
      folder,
      Object.keys(servers),
      known.filter(name => !Object.hasOwn(together, name)),
    ),
  }
}

const whatToDo = (
  folder: string,
  added: readonly string[],
  dropped: readonly string[],
): readonly string[] => [
  `Cordon does not have ${added.join(', ')} yet. Stop it, and start it anew with the file of these servers, from its checkout:`,
  `  npm run cordon -- up --data ${folder} --servers ${serversFile(folder)}`,
  ...(dropped.length === 0
    ? []
    : [
        `That file takes the place of the servers that Cordon has now: ${dropped.join(', ')} will be gone, and what uses them stops working.`,
        '  Write into the file, under the same names, those that are to stay.',
      ]),
  'Without --bundle a starter bundle is written for them, and the profile anew. Its one group is "users": who was added to others',
  '  opens no session until `cordon human add` gives them that one. A bundle of your own (docs/own-tools.md) needs',
  `  in its catalogue the entries of ${catalogueFile(folder)}, at best tool by tool, and`,
  `  ${added.map(name => `"${name}/*"`).join(', ')} among the tools of the agent, of the deployer and of the human.`,
]

/** Of an import that is undone. @throws CordonError `CLIENT_CONFIG_INVALID` */
export const removeSuggestions = async (folder: string, names: readonly string[]): Promise<void> => {
  if (names.length === 0) return
  await removeEntries(serversFile(folder), names)
  await removeEntries(
    catalogueFile(folder),
    names.map(name => `${name}/*`),
  )
}

const removeEntries = async (file: string, names: readonly string[]): Promise<void> => {
  const kept = Object.entries(await readEntries(file)).filter(([name]) => !names.includes(name))
  if (kept.length > 0) await writeEntries(file, Object.fromEntries(kept))
  else await rm(file, { force: true })
}

const readEntries = async (file: string): Promise<Readonly<Record<string, unknown>>> => {
  let entries: unknown = {}
  try {
    entries = parseJson((await readConfigFile(file)).bytes.toString('utf8'))
  } catch (error) {
    if (!(error instanceof CordonError)) throw error
    // There is none yet.
  }
  if (isJsonObject(entries)) return entries
  throw new CordonError<ConnectErrorCode>(
    'CLIENT_CONFIG_INVALID',
    `${file}: expected a JSON object, got other text`,
  )
}

const writeEntries = (file: string, entries: object): Promise<void> =>
  replaceOwnerFile(file, `${JSON.stringify(entries, null, 2)}\n`)
