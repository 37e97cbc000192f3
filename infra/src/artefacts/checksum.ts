import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** SHA-256 of a file, in hexadecimal. */
export const fileChecksum = async (file: string): Promise<string> => {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash)
  return hash.digest('hex')
}

/** SHA-256 over the paths and contents of all files below a folder, whatever order the system lists them in. */
export const folderChecksum = async (folder: string): Promise<string> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${await fileChecksum(join(folder, file))}  ${file}\n`)
  return hash.digest('hex')
}
