import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { openDecisionKeyFile } from '@cordon/decisions'
import type { Bundle } from '@cordon/policy'

/** A bundle that names the key of this stack's scorers. */
export interface KeyedBundle {
  readonly bundle: Bundle
  readonly bundleFile: string
  /** For the scorers; made where it was missing. */
  readonly decisionKeyFile: string
}

/**
 * The bundle that a local stack hands out: as given, and with the scorer's key in it, which nobody could have known before.
 * Where the keys last, so does what stands in the topics.
 * @param folder where keys and bundle are kept
 */
export const keyBundle = async (folder: string, given: Bundle): Promise<KeyedBundle> => {
  const decisionKeyFile = join(folder, 'decision-key')
  const bundleFile = join(folder, 'bundle-with-key.json')
  const { key } = await openDecisionKeyFile(decisionKeyFile)
  const others = given.decisionKeys.filter(({ keyId }) => keyId !== key.keyId)
  const bundle = { ...given, decisionKeys: [...others, key] }
  await writeFile(bundleFile, JSON.stringify(bundle))
  return { bundle, bundleFile, decisionKeyFile }
}
