import type { DestinationStream } from 'pino'
import { pino, stdTimeFunctions } from 'pino'

import { loggedError } from './logged-error.ts'

/** Data of a log line: fields, never texts for people. An error goes under `error`. */
export type LogData = Readonly<Record<string, unknown>>

/** Messages are constants, so that they can be counted and searched; what varies is data. */
export interface Log {
  debug(data: LogData, message: string): void
  info(data: LogData, message: string): void
  warn(data: LogData, message: string): void
  error(data: LogData, message: string): void
}

export type LogLevel = keyof Log

/** JSON lines on standard output. */
export const createLog = (service: string, level: LogLevel, destination?: DestinationStream): Log =>
  pino(
    {
      level,
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      errorKey: 'error',
      serializers: { error: loggedError },
    },
    // Written at once: the last line before a crash is the one that matters.
    destination ?? pino.destination({ fd: 1, sync: true }),
  )
