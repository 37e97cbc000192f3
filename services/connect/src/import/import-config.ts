import { dirname } from 'node:path'

import { CordonError } from '@cordon/foundation'

import { readProfile } from '../config.ts'
import type { ConnectErrorCode } from '../core/error-code.ts'
import { maskSecrets } from '../core/import/mask-secrets.ts'
import { type ImportPlan, planImport } from '../core/import/plan-import.ts'
import { shownServer } from '../core/import/shown-server.ts'
import { suggestionsFor } from '../core/import/suggestions.ts'
import { unifiedDiff } from '../core/import/unified-diff.ts'
import { serversOf } from '../core/server-names.ts'
import type { Terminal } from '../ports.ts'
import { keepBackup, lastBackup } from './backups.ts'
import { decodeConfig, readConfigFile, replaceFile, writableMode } from './config-file.ts'
import { addSuggestions, removeSuggestions } from './suggestion-files.ts'

export interface ImportOptions {
  /** The client's configuration. */
  readonly path: string
  readonly profileFile: string
  /** How clients start the `cordon` command. */
  readonly launcher: { readonly command: string; readonly args: readonly string[] }
  /** Where Cordon has a server of the same name: whether that one takes the place of the client's; `undefined`: ask. */
  readonly useKnown: boolean | undefined
  readonly terminal: Terminal
}

/**
 * Rewrites the configuration of an MCP client so that its servers go through Cordon: asks for each name that Cordon has
 * whose server it is to be, shows the change that comes of it, asks, and keeps what was.
 * @throws CordonError
 */
export const importClientConfig = async (options: ImportOptions): Promise<void> => {
  const { path, terminal } = options
  const profile = await readProfile(options.profileFile)
  const { file, bytes } = await readConfigFile(path)
  const mode = await writableMode(file)
  const before = decodeConfig(path, bytes)
  const launcher = { ...options.launcher, profileFile: profile.file }
  const names = serversOf(profile.tools)
  const planWith = (used: ReadonlySet<string>): ImportPlan =>
    withPath(path, () => planImport(before, launcher, { names, used }))
  const untouched = planWith(new Set())
  const plan = planWith(await knownToUse(options, untouched, names))
  const suggestions = suggestionsFor(plan.entries, profile.tools)
  const { notes } = suggestions

  if (plan.text === before) {
    const left = plan.entries.filter(({ what }) => what === 'left' || what === 'name-taken').length
    const through = plan.entries.length - left
    terminal.print(
      `${path}: nothing to change; servers that go through Cordon: ${through}, that are left as they are: ${left}.`,
    )
    for (const note of notes) terminal.print(`  ${note}`)
    return
  }
  terminal.print(`--- ${path}`)
  terminal.print(`+++ ${path}`)
  for (const line of unifiedDiff(maskSecrets(before), maskSecrets(plan.text))) terminal.print(line)
  for (const note of notes) terminal.print(`  ${note}`)
  if (!(await terminal.confirm(`Write this to ${path}?`))) {
    terminal.print('Nothing was changed.')
    return
  }

  // The human may have taken his time.
  if (!(await readConfigFile(path)).bytes.equals(bytes)) throw changedMeanwhile(path)
  const suggested = await addSuggestions(dirname(profile.file), suggestions)
  const after = Buffer.from(plan.text)
  const backup = await keepBackup(file, { before: bytes, after, suggested: suggested.names })
  await replaceFile(file, after, mode)
  terminal.print(`Written. What was before: ${backup}; --undo restores it.`)
  for (const line of suggested.words) terminal.print(line)
}

/**
 * Puts back what was before the last import, byte for byte.
 * @throws CordonError `BACKUP_MISSING`, `CLIENT_CONFIG_CHANGED` where somebody's edits would be lost
 */
export const undoImport = async ({
  path,
  profileFile,
  terminal,
}: Pick<ImportOptions, 'path' | 'profileFile' | 'terminal'>): Promise<void> => {
  const { file, bytes } = await readConfigFile(path)
  const backup = await lastBackup(file)
  if (bytes.equals(backup.bytes)) terminal.print(`${path}: as it was before the import already.`)
  else if (!backup.isAsImported(bytes))
    throw new CordonError<ConnectErrorCode>(
      'CLIENT_CONFIG_CHANGED',
      `${path}: expected it as the import left it, got one that was edited since: take the servers that go through Cordon back by hand, ` +
        `or copy ${backup.path}, which is what was before, and lose the edits`,
    )
  else {
    await replaceFile(file, backup.bytes, await writableMode(file))
    terminal.print(`${path}: restored as it was before the import.`)
  }
  await removeSuggestions(dirname(profileFile), backup.suggested)
  await backup.remove()
}

/** Where nobody is there to ask, what is shown is what `--yes` would write. */
const knownToUse = async (
  { useKnown, terminal }: ImportOptions,
  untouched: ImportPlan,
  names: ReadonlySet<string>,
): Promise<ReadonlySet<string>> => {
  if (useKnown === undefined && terminal.canAsk) return askForKnown(untouched, terminal)
  return useKnown ? names : new Set()
}

/** Asked for each name by itself: what Cordon has under it may work on other files, with other rights. */
const askForKnown = async ({ entries }: ImportPlan, terminal: Terminal): Promise<ReadonlySet<string>> => {
  const replaced = new Map<string, { readonly name: string; readonly shown: Set<string> }>()
  for (const entry of entries) {
    if (entry.what !== 'name-taken') continue
    const { name, server, toolServer } = entry
    const one = replaced.get(server) ?? { name, shown: new Set() }
    one.shown.add(shownServer(toolServer))
    replaced.set(server, one)
  }
  const used = new Set<string>()
  for (const [server, { name, shown }] of replaced) {
    const question = `"${name}" would become Cordon's own server "${server}", not: ${[...shown].join('; nor: ')}. Use Cordon's?`
    if (await terminal.confirm(question)) used.add(server)
  }
  return used
}

const withPath = <Value>(path: string, work: () => Value): Value => {
  try {
    return work()
  } catch (error) {
    if (error instanceof CordonError) throw invalid(`${path}: ${error.message}`)
    throw error
  }
}

const invalid = (message: string): CordonError<ConnectErrorCode> =>
  new CordonError('CLIENT_CONFIG_INVALID', message)

const changedMeanwhile = (path: string): CordonError<ConnectErrorCode> =>
  new CordonError(
    'CLIENT_CONFIG_CHANGED',
    `${path}: expected it as it was shown, got one that changed meanwhile; nothing was written`,
  )
