/**
 * Versions of the baselines that a session is compared with from its opening to its end, whatever is learned meanwhile;
 * 0: those of the file that the scorer started with.
 */
export interface BaselinePins {
  /** Counts the baselines that came into force on the session's partition; decisions name it. */
  readonly version: number
  readonly agent: number
  readonly role: number
  readonly all: number
}

export const filePins: BaselinePins = { version: 0, agent: 0, role: 0, all: 0 }
