import type { BundleFacts } from '../call-facts.ts'
import type { Check } from '../check.ts'
import { deny, pass, refuse } from '../check.ts'

/** Without a valid bundle nothing is allowed; no setting changes that. */
export const requireBundle: Check<object, BundleFacts> = {
  name: 'require-bundle',
  run(_facts, { bundles }) {
    const bundle = bundles.current()
    if (bundle !== undefined) return pass({ bundle })
    return refuse(deny('BUNDLE_MISSING', 'The engine holds no valid policy bundle, so it denies every call.'))
  },
}
