import { createStatusList, decodeStatusList } from './status-list.ts'

export const seeds: readonly Buffer[] = ['eNo76fITAAPfAgc', createStatusList(64).encode(), '', 'AAAA'].map(
  text => Buffer.from(text),
)

/** Any text is a list or none; what is one has a status at each of its indexes, and none beyond. */
export const run = (bytes: Buffer): void => {
  const list = decodeStatusList(bytes.toString('utf8'))
  if (list === undefined) return
  for (const index of [0, list.size >> 1, list.size - 1])
    if (list.size > 0 && list.get(index) === undefined) throw new Error('no status within the list')
  if (list.get(list.size) !== undefined) throw new Error('a status beyond the list')
}
