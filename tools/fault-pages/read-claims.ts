import type { CallExpression, Comment } from 'oxc-parser'
import { Visitor, parseSync } from 'oxc-parser'

import type { Claim, ClaimKind } from './claim.ts'
import { reachedCode } from './reached-code.ts'

/** A test file, read for the comments above its tests. */
export interface TestFile {
  readonly claims: readonly Claim[]
  /** What is wrong with the comments, each with its place. */
  readonly problems: readonly string[]
}

const tags = ['fault', 'input', 'behaviour', 'counter'] as const
const claiming = /^\s*\*?\s*@(?:fault|input|behaviour|counter)\b/m

/** @throws Error where the text is no TypeScript */
export const readClaims = (path: string, text: string): TestFile => {
  const { program, comments, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new Error(`${path}: expected TypeScript, got ${errors[0].message}`)
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length
  const reached = reachedCode(program, withoutComments(text, comments))
  const tests = new Map<number, { readonly name: string; readonly proof: string }>()
  new Visitor({
    CallExpression: node => {
      const name = testName(node)
      if (name !== undefined) tests.set(node.start, { name, proof: reached(node) })
    },
  }).visit(program)

  const claims: Claim[] = []
  const problems: string[] = []
  for (const comment of comments) {
    if (comment.type !== 'Block' || !comment.value.startsWith('*') || !claiming.test(comment.value)) continue
    const line = lineOf(comment.start)
    const test = tests.get(nextCode(text, comment.end))
    const claim = test === undefined ? 'a comment that is not directly above a test' : claimOf(comment)
    if (typeof claim === 'string') problems.push(`${path}:${line}: expected ${expected}, got ${claim}`)
    else {
      const { name: testName, proof } = test!
      claims.push({ ...claim, testName, proof, path, line: lineOf(nextCode(text, comment.end)) })
    }
  }
  return { claims, problems }
}

const expected = '@fault or @input, @behaviour and @counter, once each and not empty, directly above a test'

/** The comment's tags, or what is wrong with them. */
const claimOf = ({ value }: Comment): Omit<Claim, 'testName' | 'proof' | 'path' | 'line'> | string => {
  const texts = new Map<string, string>()
  for (const part of unstarred(value).split(/^(?=@)/m)) {
    const [, tag, text] = /^@(\w+)\s*([^]*)$/.exec(part) ?? []
    if (tag === undefined || !tags.some(known => known === tag)) continue
    if (texts.has(tag)) return `@${tag} twice`
    texts.set(tag, text!.replaceAll(/\s+/g, ' ').trim())
  }
  const kinds = (['fault', 'input'] as const).filter(tag => texts.has(tag))
  if (kinds.length !== 1) return kinds.length === 0 ? 'neither @fault nor @input' : '@fault and @input'
  const kind: ClaimKind = kinds[0]!
  const missing = [kind, 'behaviour', 'counter'].find(tag => (texts.get(tag) ?? '') === '')
  if (missing !== undefined) return `no @${missing}`
  return {
    kind,
    what: texts.get(kind)!,
    behaviour: texts.get('behaviour')!,
    counter: texts.get('counter')!,
  }
}

const unstarred = (comment: string): string =>
  comment
    .split('\n')
    .map(line => line.replace(/^\s*\*\s?/, ''))
    .join('\n')

/** The name of `test('name', …)`; `…` for what only a run knows. */
const testName = ({ callee, arguments: [name] }: CallExpression): string | undefined => {
  if (callee.type !== 'Identifier' || callee.name !== 'test' || name === undefined) return undefined
  if (name.type === 'Literal' && typeof name.value === 'string') return name.value
  if (name.type === 'TemplateLiteral') return name.quasis.map(({ value }) => value.raw).join('…')
  return undefined
}

const nextCode = (text: string, offset: number): number => offset + /^\s*/.exec(text.slice(offset))![0].length

/** What stands in a comment asserts nothing. Every place stays where it was. */
const withoutComments = (text: string, comments: readonly Comment[]): string =>
  comments.reduce(
    (code, { start, end }) => code.slice(0, start) + ' '.repeat(end - start) + code.slice(end),
    text,
  )
