import { readFile } from 'node:fs/promises'

/** The last lines of a log file that say something; none where it cannot be read. */
export const logTail = async (file: string, lines = 12): Promise<readonly string[]> => {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    return []
  }
  return text
    .split('\n')
    .map(line => line.trimEnd())
    .filter(line => line !== '')
    .slice(-lines)
}
