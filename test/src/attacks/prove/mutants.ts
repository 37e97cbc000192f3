import { registerHooks } from 'node:module'

/** A source text that is replaced as its module is loaded; files stay as they are. */
export interface Mutation {
  /** Below the root of the repository. */
  readonly file: string
  readonly text: string
  readonly replacement: string
}

/** How often the text stood in the file; `undefined`: nobody loaded the file. */
export type Occurrences = number | undefined

export interface Mutants {
  /** The URL under which a module, and every module of ours that it imports, is loaded anew with the mutation. */
  urlOf(module: URL, mutation: Mutation | undefined): string
  occurrencesOf(url: string): Occurrences
}

const parameter = 'mutant'
/** Loaded once for all: what takes long to open, and is not attacked. */
const shared = /\/shared-[\w-]+\.ts$/

/**
 * Loads first-party modules once for each mutation, in this process: a mutant is a query of the URL, which goes from a module
 * to those that it imports. In their eyes `node:test` is the module that is given.
 */
export const openMutants = (options: { readonly root: URL; readonly testModule: URL }): Mutants => {
  const mutations = new Map<string, { readonly mutation: Mutation | undefined; occurrences: Occurrences }>()
  const root = options.root.href

  registerHooks({
    resolve(specifier, context, next) {
      const mutant = mutantOf(context.parentURL)
      if (mutant === undefined) return next(specifier, context)
      if (specifier === 'node:test')
        return { url: withMutant(options.testModule.href, mutant), shortCircuit: true }
      const resolved = next(specifier, context)
      const isOurs = resolved.url.startsWith(root) && !resolved.url.includes('/node_modules/')
      return isOurs && !shared.test(resolved.url)
        ? { ...resolved, url: withMutant(resolved.url, mutant) }
        : resolved
    },
    load(url, context, next) {
      const loaded = next(url, context)
      const found = mutations.get(mutantOf(url) ?? '')
      const { mutation } = found ?? {}
      if (found === undefined || mutation === undefined) return loaded
      if (!url.startsWith(`${root}${mutation.file}?`)) return loaded
      const parts = textOf(loaded.source).split(mutation.text)
      found.occurrences = parts.length - 1
      return { ...loaded, source: parts.join(mutation.replacement) }
    },
  })

  return {
    urlOf: (module, mutation) => {
      const mutant = String(mutations.size)
      mutations.set(mutant, { mutation, occurrences: undefined })
      return withMutant(module.href, mutant)
    },
    occurrencesOf: url => mutations.get(mutantOf(url) ?? '')?.occurrences,
  }
}

const textOf = (source: unknown): string =>
  typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString('utf8')

const mutantOf = (url: string | undefined): string | undefined =>
  url === undefined || !url.startsWith('file:')
    ? undefined
    : (new URL(url).searchParams.get(parameter) ?? undefined)

const withMutant = (url: string, mutant: string): string => `${url}?${parameter}=${mutant}`
