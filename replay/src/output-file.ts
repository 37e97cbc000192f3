import { randomBytes } from 'node:crypto'
import { open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

import { faultInWords } from '@cordon/foundation'

import { ReplayError } from './replay-error.ts'

/** What a command writes: it has its name once it is whole, and what had the name before keeps it until then. */
export interface OutputFile {
  write(text: string): Promise<void>
  /** It is whole. */
  keep(): Promise<void>
  /** It will not be; after `keep` this does nothing. */
  discard(): Promise<void>
}

/** On the command line: standard output. */
const standardOutput = '-'

/**
 * Opened before minutes of work, not after.
 * @param option as the messages name it
 * @param file `-`: standard output
 * @param inputs what the command reads: none of it is written over, by whatever path it is named
 * @throws ReplayError `OUTPUT_IS_INPUT`, before anything is opened; `OUTPUT_UNWRITABLE`
 */
export const openOutputFile = async (
  option: string,
  file: string,
  inputs: readonly string[],
): Promise<OutputFile> => {
  if (file === standardOutput) return standardOutputFile(option)
  const unwritable = (error: unknown): ReplayError => unwritableFile(`${option} ${file}`, error)
  try {
    const place = await placeOf(file)
    for (const input of inputs)
      if ((await realpath(input).catch(() => resolve(input))) === place)
        throw new ReplayError(
          'OUTPUT_IS_INPUT',
          `${option} ${file}: expected another file than those that are read, got ${input}`,
        )
    const kind = await stat(file).catch(() => undefined)
    if (kind !== undefined && !kind.isFile()) return plainFile(await open(file, 'w'), unwritable)
    return await draftFile(place, kind?.mode ?? 0o666, unwritable)
  } catch (error) {
    throw error instanceof ReplayError ? error : unwritable(error)
  }
}

/** Where it stands or will stand, whatever links lead there. */
const placeOf = async (file: string): Promise<string> => {
  try {
    return await realpath(file)
  } catch {
    return join(await realpath(dirname(resolve(file))), basename(resolve(file)))
  }
}

const draftFile = async (
  place: string,
  mode: number,
  unwritable: (error: unknown) => ReplayError,
): Promise<OutputFile> => {
  const draft = `${place}.${randomBytes(4).toString('hex')}.partial`
  const handle = await open(draft, 'wx', mode & 0o777)
  const plain = plainFile(handle, unwritable)
  let isKept = false
  return {
    write: text => plain.write(text),
    keep: async () => {
      await plain.keep()
      await rename(draft, place).catch(error => Promise.reject(unwritable(error)))
      isKept = true
    },
    discard: async () => {
      if (isKept) return
      await plain.discard()
      await rm(draft, { force: true })
    },
  }
}

/** A device or a pipe has nothing that could be lost, and its name is not to be taken away. */
const plainFile = (handle: FileHandle, unwritable: (error: unknown) => ReplayError): OutputFile => ({
  write: text => handle.appendFile(text).catch(error => Promise.reject(unwritable(error))),
  keep: () => handle.close().catch(error => Promise.reject(unwritable(error))),
  discard: () => handle.close().catch(() => undefined),
})

const standardOutputFile = (option: string): OutputFile => {
  const unwritable = (error: unknown): ReplayError => unwritableFile(`${option} ${standardOutput}`, error)
  // Whoever reads may go, as `head` does: the write that meets it says so.
  process.stdout.on('error', () => undefined)
  return {
    write: text =>
      new Promise((written, failed) => {
        process.stdout.write(text, error => (error ? failed(unwritable(error)) : written()))
      }),
    keep: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  }
}

const unwritableFile = (named: string, error: unknown): ReplayError => {
  const isFolderMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
  const got = isFolderMissing ? 'no folder of that name' : faultInWords(error)
  return new ReplayError('OUTPUT_UNWRITABLE', `${named}: expected a file that can be written, got ${got}`, {
    cause: error,
  })
}
