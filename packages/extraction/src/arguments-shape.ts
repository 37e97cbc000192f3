import { hash } from 'node:crypto'

const shapeDigits = 13

/** The first 52 bits of SHA-256 over the sorted argument names with their JSON types: what form a call has, not what it says. */
export const argumentsShape = (args: Readonly<Record<string, unknown>>): number => {
  const members = Object.entries(args).map(([name, value]) => [name, jsonType(value)])
  members.sort(([left = ''], [right = '']) => (left < right ? -1 : 1))
  return Number.parseInt(hash('sha256', JSON.stringify(members), 'hex').slice(0, shapeDigits), 16)
}

const jsonType = (value: unknown): string => {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
