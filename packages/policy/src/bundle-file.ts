import { readFile } from 'node:fs/promises'

import { CordonError, faultInWords } from '@cordon/foundation'

import type { Bundle } from './bundle.ts'
import { parseBundle, type PolicyErrorCode } from './parse-bundle.ts'

/**
 * The bundle in a JSON file, frozen.
 * @throws CordonError `BUNDLE_UNREADABLE`, `BUNDLE_NOT_JSON` or `BUNDLE_INVALID`, each naming the file
 */
export const loadBundleFile = async (file: string): Promise<Bundle> => parseBundle(await read(file), file)

const read = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new CordonError<PolicyErrorCode>(
      'BUNDLE_UNREADABLE',
      `bundle ${file}: expected a readable file, got ${faultInWords(cause)}`,
      { cause },
    )
  }
}
