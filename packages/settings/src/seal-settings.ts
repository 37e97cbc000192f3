import type { DeepReadonly } from './deep-freeze.ts'
import { deepFreeze } from './deep-freeze.ts'
import { redact } from './secret.ts'

/**
 * Freezes settings that a service made of what `readSettings` gave it, and hides the named ones when they are printed.
 * Settings within them that are sealed already stay hidden by themselves.
 */
export const sealSettings = <Settings extends object>(
  settings: Settings,
  secrets: readonly (keyof Settings & string)[] = [],
): DeepReadonly<Settings> => deepFreeze(redact(settings, new Set<string>(secrets)))
