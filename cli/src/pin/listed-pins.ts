import { CordonError, definitionDigest } from '@cordon/foundation'

const expected = 'expected the answer of a tool server to tools/list, as JSON'

/**
 * The pins of the tools that a server lists, for a bundle's catalogue.
 * @param text a result of `tools/list`, alone or in its JSON-RPC response
 * @param source what errors call it
 * @throws CordonError `TOOLS_UNREADABLE`
 */
export const listedPins = (text: string, source: string): ReadonlyMap<string, string> => {
  const unreadable = (problem: string): CordonError<'TOOLS_UNREADABLE'> =>
    new CordonError('TOOLS_UNREADABLE', `${source}: ${problem}`)
  const answer = parse(text)
  const tools = memberOf(answer, 'tools') ?? memberOf(memberOf(answer, 'result'), 'tools')
  if (!Array.isArray(tools)) throw unreadable(`${expected}, got something else`)
  return new Map(
    (tools as readonly unknown[]).map((tool, position) => {
      const name = memberOf(tool, 'name')
      if (typeof name !== 'string') throw unreadable(`tools[${position}].name: expected a name, got none`)
      try {
        return [name, definitionDigest(tool as Readonly<Record<string, unknown>>)] as const
      } catch {
        // Whatever is wrong with it, a value of the definition must not end up in an error.
        throw unreadable(`tools[${position}]: expected a definition that has a canonical text, got another`)
      }
    }),
  )
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON is no answer either.
    return undefined
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
