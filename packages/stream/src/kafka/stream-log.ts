/** Where the adapter says what happens to it; a pino logger satisfies it. Messages are constants, data are fields. */
export interface StreamLog {
  info(data: object, message: string): void
  warn(data: object, message: string): void
  error(data: object, message: string): void
}
