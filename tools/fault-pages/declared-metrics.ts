import type { IsDeclared } from './check-claims.ts'

/** A source file that may declare metrics. */
interface Source {
  readonly path: string
  readonly text: string
}

/** What a scrape adds to the name of a histogram. */
const histogramSuffix = /_(?:count|sum|bucket)$/

/** Metrics are declared without their prefix, in a service or in a package that every service counts with. */
export const declaredMetrics = (sources: readonly Source[]): IsDeclared => {
  const declared = new Set(
    sources.flatMap(({ path, text }) =>
      [...text.matchAll(/\bname: '([a-z0-9_]+)'/g)].map(([, name]) => `${ownerOf(path)} ${name}`),
    ),
  )
  return metric => {
    const [, service, name] = /^cordon_([a-z]+)_(.+)$/.exec(metric) ?? []
    if (service === undefined) return false
    return [name!, name!.replace(histogramSuffix, '')].some(
      name => declared.has(`${service} ${name}`) || declared.has(`packages ${name}`),
    )
  }
}

const ownerOf = (path: string): string => /^services\/(\w+)\//.exec(path)?.[1] ?? 'packages'
