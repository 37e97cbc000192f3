import { parseSync, Visitor } from 'oxc-parser'
import type { Argument, CallExpression, Expression, ObjectExpression } from 'oxc-parser'

import type { DeclaredMetric } from './declared-metric.ts'

const kinds = ['counter', 'gauge', 'histogram'] as const

/**
 * The metrics that a source file of a service declares: every call of `counter`, `gauge` or `histogram` of a telemetry.
 * @throws Error where the text is no TypeScript, or a declaration cannot be read without being run
 */
export const readMetrics = (path: string, text: string): readonly DeclaredMetric[] => {
  const { program, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new Error(`${path}: expected TypeScript, got ${errors[0].message}`)
  const service = /^services\/(\w+)\//.exec(path)?.[1] ?? ''
  const found: DeclaredMetric[] = []
  new Visitor({
    CallExpression: node => {
      const kind = kindOf(node)
      if (kind === undefined) return
      const at = `${path}:${text.slice(0, node.start).split('\n').length}`
      const spec = specOf(node.arguments[0], at)
      const name = textOf(member(spec, 'name'), `${at}: name`)
      const help = textOf(member(spec, 'help'), `${at}: help`)
      found.push({ service, name: `cordon_${service}_${name}`, kind, help, labels: labelsOf(spec, at) })
    },
  }).visit(program)
  return found
}

const kindOf = ({ callee }: CallExpression): DeclaredMetric['kind'] | undefined => {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return undefined
  const { object, property } = callee
  if (object.type !== 'Identifier' || object.name !== 'telemetry') return undefined
  return kinds.find(kind => kind === property.name)
}

const specOf = (argument: Argument | undefined, at: string): ObjectExpression => {
  if (argument?.type === 'ObjectExpression') return argument
  throw new Error(`${at}: expected a metric that is declared in place, got ${argument?.type ?? 'nothing'}`)
}

const member = ({ properties }: ObjectExpression, name: string): Expression | undefined =>
  properties
    .flatMap(property => (property.type === 'Property' ? [property] : []))
    .find(({ key }) => key.type === 'Identifier' && key.name === name)?.value

const textOf = (value: Expression | undefined, what: string): string => {
  if (value?.type === 'Literal' && typeof value.value === 'string') return value.value
  throw new Error(`${what}: expected a text that stands there, got ${value?.type ?? 'none'}`)
}

const labelsOf = (spec: ObjectExpression, at: string): readonly string[] => {
  const labels = member(spec, 'labels')
  if (labels === undefined) return []
  return specOf(labels, `${at}: labels`).properties.map(property => {
    if (property.type === 'Property' && property.key.type === 'Identifier') return property.key.name
    throw new Error(`${at}: labels: expected names that stand there, got ${property.type}`)
  })
}
