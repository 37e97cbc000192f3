import type { Bundle } from './bundle.ts'

/** Where a service gets the bundle in force. */
export interface BundleSource {
  /** `undefined` where no valid bundle is held: then everything is denied. */
  current(): Bundle | undefined
}
