import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Bytes of the wanted files below a Maven repository, those that are still arriving among them: Maven writes them
 * beside their final name with something appended.
 */
export const arrivedBytes = async (repository: string, names: readonly string[]): Promise<number> => {
  let entries
  try {
    entries = await readdir(repository, { recursive: true, withFileTypes: true })
  } catch {
    return 0
  }
  const largest = new Map<string, number>()
  for (const entry of entries) {
    const name = names.find(name => entry.isFile() && isOrBecomes(entry.name, name))
    if (name === undefined) continue
    const bytes = await sizeOf(join(entry.parentPath, entry.name))
    largest.set(name, Math.max(bytes, largest.get(name) ?? 0))
  }
  return [...largest.values()].reduce((sum, bytes) => sum + bytes, 0)
}

const isOrBecomes = (file: string, name: string): boolean =>
  file === name || (file.startsWith(name) && !/\.(sha1|sha256|md5|lastUpdated|repositories)$/.test(file))

/** Maven renames files while we look. */
const sizeOf = async (file: string): Promise<number> => {
  try {
    const { size } = await stat(file)
    return size
  } catch {
    return 0
  }
}

const lookMs = 500

/**
 * Tells how many bytes of the wanted files have arrived, once at the start and whenever there are more.
 * @returns what ends it; nothing is told afterwards
 */
export const watchArrival = (
  repository: string,
  names: readonly string[],
  onArrived: (bytes: number) => void,
): (() => void) => {
  let told = -1
  let watching = true
  const look = async (): Promise<void> => {
    const arrived = await arrivedBytes(repository, names)
    if (!watching || arrived <= told) return
    told = arrived
    onArrived(arrived)
  }
  void look()
  const timer = setInterval(() => void look(), lookMs)
  return () => {
    watching = false
    clearInterval(timer)
  }
}

/** "12 of 44 MB (27 %)" */
export const progressText = (arrived: number, total: number): string => {
  const megabytes = (bytes: number): string => String(Math.round(bytes / 1e6))
  const percent = total === 0 ? 100 : Math.min(100, Math.floor((100 * arrived) / total))
  return `${megabytes(Math.min(arrived, total))} of ${megabytes(total)} MB (${percent} %)`
}
