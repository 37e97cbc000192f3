import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { CordonError } from '@cordon/foundation'
import { type Bundle, loadBundleFile } from '@cordon/policy'

import { groupsWithMeaning } from '../up/agents-of-stack.ts'

/**
 * What to say of groups that a bundle gives no meaning to, a line each: a name that is misspelt reads like any other until somebody has
 * signed in and opens no session, and so does somebody without any.
 * @param bundleFile `undefined`: the one that `cordon up` keeps beside the humans file; where there is none no group is looked up
 * @throws CordonError where the bundle that was named is no good
 */
export const unknownGroups = async (
  groups: readonly string[],
  humansFile: string,
  bundleFile?: string,
): Promise<readonly string[]> => {
  if (bundleFile !== undefined) return warningsOf(groups, bundleFile)
  const beside = join(dirname(humansFile), 'bundle-with-key.json')
  if (!existsSync(beside))
    return groups.length === 0
      ? ['warning: --group: expected one at least, got none: they open no session']
      : ['No bundle beside the file: groups are not checked, --bundle names one.']
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
  if (groups.length === 0)
    return [
      `warning: --group: expected one at least that ${meanings(file, known)}, got none: they open no session`,
    ]
  return groups
    .filter(group => !known.includes(group))
    .map(
      group =>
        `warning: --group: expected one that ${meanings(file, known)}, got "${group}": by itself it opens no session`,
    )
}

const meanings = (file: string, known: readonly string[]): string =>
  `bundle ${file} gives a meaning to (${known.join(', ') || 'it has none'})`

/** Of the provider that comes with identity: `local` in a bundle as it is written, its issuer in one that a stack completed. */
const knownGroups = ({ identity }: Bundle): readonly string[] =>
  Object.entries(identity.providers)
    .filter(([name]) => name === 'local' || name.endsWith('/oidc'))
    .flatMap(([, provider]) => groupsWithMeaning(provider))
