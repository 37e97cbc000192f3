/** Where something says how it ends: a test, or a command. */
export interface Cleanup {
  after(listener: () => Promise<void> | void): void
}
