import type { AttemptKind, Attempts } from '../ports/humans.ts'

/** Whom one try counts against. */
export interface Tried {
  readonly kind: AttemptKind
  readonly subject: string
}

/**
 * Counts one try against all, or where it may not be made against none: nobody was wrong, and who waits because of others must not come to
 * wait for longer than these.
 * @returns which of them has to wait; `undefined` where the try may be made now
 */
export const takeTries = async (
  attempts: Attempts,
  tries: readonly Tried[],
): Promise<{ readonly kind: AttemptKind; readonly waitMs: number } | undefined> => {
  for (const [index, { kind, subject }] of tries.entries()) {
    const waitMs = await attempts.take(kind, subject)
    if (waitMs === 0) continue
    await takeBackTries(attempts, tries.slice(0, index))
    return { kind, waitMs }
  }
  return undefined
}

export const takeBackTries = async (attempts: Attempts, tries: readonly Tried[]): Promise<void> => {
  for (const { kind, subject } of tries) await attempts.takeBack(kind, subject)
}
