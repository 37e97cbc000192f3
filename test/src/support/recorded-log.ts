import type { StreamLog } from '@cordon/stream'

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly data: object
}

/** A log that keeps its lines, so that a test can ask what was said. */
export interface RecordedLog extends StreamLog {
  readonly lines: readonly LogLine[]
  /** Warnings and errors. */
  readonly complaints: readonly LogLine[]
}

export const recordedLog = (): RecordedLog => {
  const lines: LogLine[] = []
  const write = (level: LogLine['level']) => (data: object, message: string) => {
    lines.push({ level, message, data })
  }
  return {
    lines,
    get complaints() {
      return lines.filter(({ level }) => level !== 'info')
    },
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  }
}
