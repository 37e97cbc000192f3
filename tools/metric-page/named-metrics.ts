import { isDeclared } from './is-declared.ts'
import type { TextFile } from '../read-files.ts'

/** Ends in what metrics are named by (packages/telemetry), and stands in a text as code. */
const shortName =
  /`([a-z][a-z0-9]*(?:_[a-z0-9]+)*_(?:total|seconds|bytes|ratio|records|requests|sessions|connections|partitions|info))(?:\{[^`]*\})?`/g

/**
 * Names in a text that no metric has.
 * @param path of the text; in one of a service the names of its metrics may stand without their prefix, elsewhere those of any service
 * @param declared as a scrape has them
 */
export const unknownMetrics = (
  { path, text }: TextFile,
  declared: ReadonlySet<string>,
): readonly string[] => {
  const owner = /^services\/(\w+)\//.exec(path)?.[1] ?? '[a-z]+'
  const isShort = new RegExp(`^cordon_${owner}_`)
  const shorts = new Set(
    [...declared].filter(name => isShort.test(name)).map(name => name.replace(isShort, '')),
  )
  const whole = [...text.matchAll(/\bcordon_[a-z]+_[a-z0-9_]+/g)].map(([name]) => name)
  const short = [...text.matchAll(shortName)].map(([, name]) => name!)
  return [
    ...whole.filter(name => !isDeclared(name, declared)),
    ...short.filter(name => !name.startsWith('cordon_') && !shorts.has(name)),
  ].map(name => `${path}: expected a metric of a service, got ${name}`)
}
