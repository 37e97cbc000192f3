import type { Expression, Super } from 'oxc-parser'
import { Visitor, parseSync } from 'oxc-parser'

/** One import of a module, in whatever form. */
export interface ModuleImport {
  readonly module: string
  /** Gone once types are stripped. */
  readonly typeOnly: boolean
  /** What is taken from it, under its own name there. */
  readonly names: readonly string[]
  readonly line: number
}

/** What of a source file matters here. */
export interface SourceFile {
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly imports: readonly ModuleImport[]
  /** Names that are called, constructed or looked into, and paths looked up: `Date`, `process`, `process.env`. */
  readonly globals: readonly { readonly name: string; readonly line: number }[]
}

/** @throws Error where the text is no TypeScript */
export const parseSource = (path: string, text: string): SourceFile => {
  const { program, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new Error(`${path}: expected TypeScript, got ${errors[0].message}`)
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length
  const imports: ModuleImport[] = []
  const globals: { name: string; line: number }[] = []

  const onImport = (module: string, typeOnly: boolean, names: readonly string[], start: number): void => {
    imports.push({ module, typeOnly, names, line: lineOf(start) })
  }
  const onUse = (name: string | undefined, start: number): void => {
    if (name !== undefined) globals.push({ name, line: lineOf(start) })
  }

  new Visitor({
    ImportDeclaration: node => {
      const names = node.specifiers.map(specifier =>
        specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : '*',
      )
      onImport(node.source.value, node.importKind === 'type', names, node.start)
    },
    ExportNamedDeclaration: node => {
      const names = node.specifiers.map(({ local }) => nameOf(local))
      if (node.source) onImport(node.source.value, node.exportKind === 'type', names, node.start)
    },
    ExportAllDeclaration: node => {
      onImport(node.source.value, node.exportKind === 'type', ['*'], node.start)
    },
    ImportExpression: node => {
      if (node.source.type === 'Literal') onImport(String(node.source.value), false, ['*'], node.start)
    },
    TSImportType: node => {
      onImport(node.source.value, true, ['*'], node.start)
    },
    CallExpression: node => onUse(identifierOf(node.callee), node.start),
    NewExpression: node => onUse(identifierOf(node.callee), node.start),
    MemberExpression: node => {
      onUse(identifierOf(node.object), node.start)
      onUse(pathOf(node), node.start)
    },
  }).visit(program)
  return { path, imports, globals }
}

const nameOf = (node: { type: string; name?: string; value?: string }): string =>
  node.name ?? node.value ?? '*'

const identifierOf = (node: Expression | Super): string | undefined =>
  node.type === 'Identifier' ? node.name : undefined

/** `process.env`, of `process.env` and `process['env']` alike. */
const pathOf = (node: Expression | Super): string | undefined => {
  if (node.type === 'Identifier') return node.name
  if (node.type !== 'MemberExpression') return undefined
  const object = pathOf(node.object)
  if (object === undefined) return undefined
  if (node.property.type === 'Literal') return `${object}.${String(node.property.value)}`
  return node.computed || node.property.type !== 'Identifier'
    ? `${object}.*`
    : `${object}.${node.property.name}`
}
