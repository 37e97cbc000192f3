import type { Program } from 'oxc-parser'
import { Visitor } from 'oxc-parser'

interface Span {
  readonly start: number
  readonly end: number
}

interface Named extends Span {
  readonly name: string
}

/**
 * What of a file a test is about: its own text, what the loops around it go through, and the declarations that these name,
 * and those that these name in turn.
 */
export const reachedCode = (program: Program, code: string): ((test: Span) => string) => {
  const declared: Named[] = []
  const loops: (Span & { readonly over: Span })[] = []
  new Visitor({
    VariableDeclarator: ({ id, start, end }) => {
      if (id.type === 'Identifier') declared.push({ name: id.name, start, end })
    },
    FunctionDeclaration: ({ id, start, end }) => {
      if (id) declared.push({ name: id.name, start, end })
    },
    ForOfStatement: ({ start, end, right }) => loops.push({ start, end, over: right }),
  }).visit(program)
  const textOf = ({ start, end }: Span): string => code.slice(start, end)

  return test => {
    const isAround = ({ start, end }: Span): boolean => start < test.start && end > test.end
    const left = [textOf(test), ...loops.filter(isAround).map(({ over }) => textOf(over))]
    const usable = new Set(declared.filter(span => !isAround(span)))
    const reached: string[] = []
    for (let text = left.pop(); text !== undefined; text = left.pop()) {
      reached.push(text)
      const names = new Set(text.match(/[A-Za-z_$][\w$]*/g))
      for (const declaration of usable) {
        if (!names.has(declaration.name)) continue
        usable.delete(declaration)
        left.push(textOf(declaration))
      }
    }
    return reached.join('\n')
  }
}
