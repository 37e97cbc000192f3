import { Visitor, parseSync } from 'oxc-parser'

/** What a test says that it proves, in the comment above it. */
export interface Proof {
  /** Something goes wrong around Cordon, or somebody sends it what they should not. */
  readonly kind: 'fault' | 'input'
  readonly what: string
  readonly behaviour: string
  /** The series that counts it; absent where nothing of a service is involved. */
  readonly counter: string | undefined
  /** Relative to the root. */
  readonly file: string
  readonly test: string
}

const kinds = ['fault', 'input'] as const

/**
 * The proofs of one test file: tests with a comment of the form `@fault … @behaviour … @counter …`, or `@input …`.
 * @throws Error where such a comment lacks something, stands above no test, or names a counter that the file never reads
 */
export const proofsOf = (file: string, text: string): readonly Proof[] => {
  const { program, comments, errors } = parseSync(file, text)
  if (errors[0] !== undefined) throw new Error(`${file}: expected TypeScript, got ${errors[0].message}`)
  const titles = new Map<number, string>()
  new Visitor({
    CallExpression(node) {
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'test') return
      const [title] = node.arguments
      if (title?.type === 'Literal') titles.set(node.start, String(title.value))
      if (title?.type === 'TemplateLiteral') {
        titles.set(node.start, title.quasis.map(({ value }) => value.cooked ?? value.raw).join('…'))
      }
    },
  }).visit(program)
  const code = comments.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text)

  return comments.flatMap(({ value, end }) => {
    const tags = tagsOf(value)
    const kind = kinds.find(each => tags.has(each))
    if (kind === undefined) return []
    const what = tags.get(kind) ?? ''
    const test = titles.get(end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0))
    const behaviour = tags.get('behaviour')
    const counter = tags.get('counter')
    const fail = (problem: string): never => {
      throw new Error(`${file}: @${kind} ${what}: ${problem}`)
    }
    if (test === undefined) return fail('expected a test right below, got none')
    if (behaviour === undefined || behaviour === '') return fail('expected @behaviour, got none')
    if (counter !== undefined && !code.includes(shortNameOf(counter))) {
      return fail(`expected the test to read ${counter}, got nothing of that name`)
    }
    return [{ kind, what, behaviour, counter, file, test }]
  })
}

/** A series' name without its labels and the service's prefix. */
export const shortNameOf = (series: string): string =>
  series.replace(/\{.*$/s, '').replace(/^cordon_[a-z]+_/, '')

const tagsOf = (comment: string): ReadonlyMap<string, string> => {
  const text = comment.replaceAll(/^\s*\* ?/gm, '').trim()
  const tags = new Map<string, string>()
  for (const part of text.split(/^@(?=[a-z]+\b)/m).slice(1)) {
    const [name = ''] = /^[a-z]+/.exec(part) ?? []
    tags.set(name, part.slice(name.length).trim().replaceAll(/\s+/g, ' '))
  }
  return tags
}
