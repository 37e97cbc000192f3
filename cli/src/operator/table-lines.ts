import { printable } from '../terminal/printable.ts'

/** A line a row, its cells one below the other; nothing is cut, so that what stands there can be given to a command. */
export const tableLines = (rows: readonly (readonly string[])[]): readonly string[] => {
  const shown = rows.map(row => row.map(printable))
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...shown.map(row => (row[column] ?? '').length)))
  return shown.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** Of a time in ISO 8601: without fractions. */
export const toSeconds = (time: string): string => time.replace(/\.\d+Z$/, 'Z')
