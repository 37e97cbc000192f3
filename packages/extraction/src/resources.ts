import type { ResourceExtractor } from '@cordon/policy'
import type { Resource } from '@cordon/schemas'

import { argumentValues } from './argument-values.ts'
import { isHostName } from './host-name.ts'
import {
  normaliseAccount,
  normaliseEmail,
  normaliseHost,
  normalisePath,
  normaliseUrl,
} from './normal-form.ts'
import { readSql } from './sql-reading.ts'

const maxResources = 64

/**
 * What a call touches, by the extractors of its catalogue entry; without repetitions, in the extractors' order. What cannot
 * be read is a resource of kind `other` that says so (`sql:unparsable`), so that it shows as something new. Names of
 * recipients and accounts are still in the clear here: whoever publishes them makes fingerprints of them.
 * @throws CordonError `EXTRACTION_NOT_LOADED` where SQL is to be read before `loadExtraction`
 */
export const extractResources = (
  extractors: readonly ResourceExtractor[],
  args: Readonly<Record<string, unknown>>,
): readonly Resource[] => {
  const resources = new Map<string, Resource>()
  for (const extractor of extractors)
    for (const value of argumentValues(args, extractor.argument))
      for (const resource of readValue(extractor, value))
        resources.set(`${resource.kind}\0${resource.name}`, resource)
  const all = [...resources.values()]
  return all.length <= maxResources ? all : [...all.slice(0, maxResources - 1), other('resources:too-many')]
}

const readValue = (extractor: ResourceExtractor, value: unknown): readonly Resource[] => {
  if (typeof value === 'number' || typeof value === 'boolean') return readText(extractor, String(value))
  if (typeof value === 'string') return value === '' ? [] : readText(extractor, value)
  return [other(`${extractor.syntax}:unparsable`)]
}

const readText = ({ kind, syntax }: ResourceExtractor, text: string): readonly Resource[] => {
  switch (syntax) {
    case 'sql':
      return readStatements(text)
    case 'url': {
      const normal = normaliseUrl(text)
      if (normal === undefined) return [other('url:unparsable')]
      return [{ kind, name: kind === 'host' ? normal.host : normal.url }]
    }
    case 'path':
      return [{ kind, name: normalisePath(text) }]
    case 'email':
      return [{ kind, name: normaliseEmail(text) }]
    case 'plain':
      return [{ kind, name: normaliseByKind(kind, text) }]
  }
}

const readStatements = (sql: string): readonly Resource[] => {
  const { tables, operations } = readSql(sql)
  return [
    ...tables.map((name): Resource => ({ kind: 'table', name })),
    ...operations.map(operation => other(`sql:${operation}`)),
  ]
}

const normaliseByKind = (kind: Resource['kind'], text: string): string => {
  switch (kind) {
    case 'path':
      return normalisePath(text)
    case 'host':
      return isHostName(text) ? normaliseHost(text) : (normaliseUrl(text)?.host ?? text.trim())
    case 'account':
      return normaliseAccount(text)
    case 'recipient':
      return normaliseEmail(text)
    case 'table':
    case 'other':
      return text.trim()
  }
}

const other = (name: string): Resource => ({ kind: 'other', name })
