import { accessSync, constants, readdirSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/** Where packages put what they do not put on the path: Debian, Red Hat's PostgreSQL repository, Homebrew. */
const packageFolders = ['/usr/lib/postgresql', '/usr', '/opt/homebrew/opt', '/usr/local/opt']

/**
 * The folder that holds `initdb` and `postgres`: on the path, else the newest that a package installed.
 * @returns `undefined` where there is none
 */
export const findPostgresBinaries = (path: string = process.env['PATH'] ?? ''): string | undefined => {
  const onPath = path.split(delimiter).flatMap(folder => folderOf(join(folder, 'initdb')))
  const installed = packageFolders.flatMap(versionsIn).sort(newestFirst)
  return [...onPath, ...installed.map(each => join(each, 'bin'))].find(
    folder => isProgram(join(folder, 'initdb')) && isProgram(join(folder, 'postgres')),
  )
}

/** What is on the path may be a link to the one program; the others lie beside the target. */
const folderOf = (program: string): readonly string[] => {
  try {
    return [dirname(realpathSync(program))]
  } catch {
    return []
  }
}

const versionsIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
      .filter(name => /^(?:\d+(?:\.\d+)?|pgsql-\d+|postgresql@\d+)$/.test(name))
      .map(name => join(folder, name))
  } catch {
    return []
  }
}

const newestFirst = (one: string, other: string): number => versionOf(other) - versionOf(one)

const versionOf = (folder: string): number => Number(/(\d+(?:\.\d+)?)$/.exec(folder)?.[1] ?? 0)

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
