import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { CordonError } from '@cordon/foundation'
import { type Bundle, loadBundleFile } from '@cordon/policy'

import { groupsWithMeaning } from '../up/agents-of-stack.ts'

/**
 * What to say of groups that a bundle gives no meaning to, a line each: a name that is misspelt reads like any other until somebody has
 * signed in and opens no session.
 * @param bundleFile `undefined`: the one that `cordon up` keeps beside the humans file, and nothing is said where there is none
 * @throws CordonError where the bundle that was named is no good
 */
export const unknownGroups = async (
  groups: readonly string[],
  humansFile: string,
  bundleFile?: string,
): Promise<readonly string[]> => {
  if (bundleFile !== undefined) return warningsOf(groups, bundleFile)
  const beside = join(dirname(humansFile), 'bundle-with-key.json')
  if (!existsSync(beside)) return []
  try {
    return await warningsOf(groups, beside)
  } catch (error) {
    // Nobody named it, and it may be of another release: no reason to add nobody.
    if (error instanceof CordonError) return [`warning: --group: not looked up: ${error.message}`]
    throw error
  }
}

const warningsOf = async (groups: readonly string[], file: string): Promise<readonly string[]> => {
  const known = knownGroups(await loadBundleFile(file))
  return groups
    .filter(group => !known.includes(group))
    .map(
      group =>
        `warning: --group: expected one that bundle ${file} gives a meaning to (${known.join(', ') || 'it has none'}), ` +
        `got "${group}": by itself it opens no session`,
    )
}

/** Of the provider that comes with identity: `local` in a bundle as it is written, its issuer in one that a stack completed. */
const knownGroups = ({ identity }: Bundle): readonly string[] =>
  Object.entries(identity.providers)
    .filter(([name]) => name === 'local' || name.endsWith('/oidc'))
    .flatMap(([, provider]) => groupsWithMeaning(provider))
