/** A human is no longer signed in at a provider. */
export interface HumanSessionEnded {
  /** `iss` of the provider. */
  readonly issuer: string
  /** `sub` there; absent where the provider names the session alone. */
  readonly subject?: string
  /** `sid` there; absent: all sessions of the subject. */
  readonly session?: string
  /** When, milliseconds since the Unix epoch; absent: now. Who signed in later is not meant. */
  readonly at?: number
}

/** Whoever ends the agent sessions that rest on a human's. */
export interface HumanSessionEndings {
  /** Resolves once it is on record for good; may be told the same again. */
  ended(ended: HumanSessionEnded): Promise<void>
}

/** Somebody who may sign in at the embedded provider. */
export interface Account {
  readonly subject: string
  readonly name: string
  readonly email: string
  readonly groups: readonly string[]
}

/** Those who may sign in at the embedded provider. */
export interface Accounts {
  find(subject: string): Promise<Account | undefined>
  /**
   * Takes the same time whether there is such a name or not.
   * @param name subject or e-mail address
   * @returns `busy` where too many ask at once
   */
  check(name: string, password: string): Promise<Account | 'refused' | 'busy'>
}

/** How often somebody may be wrong. Every try counts as wrong until it is taken back. */
export interface Attempts {
  /** @returns how long to wait, in milliseconds; 0 where the try may be made now */
  take(kind: AttemptKind, subject: string): Promise<number>
  /** The try was right after all. */
  takeBack(kind: AttemptKind, subject: string): Promise<void>
  /** Nobody was wrong lately. */
  forget(kind: AttemptKind, subject: string): Promise<void>
}

/** What is tried: a password for an account, passwords from one network and one site of IPv6, user codes from both and from anywhere. */
export type AttemptKind =
  'account' | 'network' | 'site' | 'user-code' | 'user-code-site' | 'user-code-anywhere'
