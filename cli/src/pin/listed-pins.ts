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
  const pins = new Map<string, string>()
  for (const [position, tool] of (tools as readonly unknown[]).entries()) {
    const name = memberOf(tool, 'name')
    if (typeof name !== 'string') throw unreadable(`tools[${position}].name: expected a name, got none`)
    // Which of the two an agent would see depends on its client: neither was approved.
    if (pins.has(name))
      throw unreadable(
        `tools[${position}].name: expected one of its own, got one that stands in the list before`,
      )
    pins.set(
      name,
      digestOf(tool as Readonly<Record<string, unknown>>, () => unreadable(`tools[${position}]: ${noText}`)),
    )
  }
  return pins
}

const noText = 'expected a definition that has a canonical text, got another'

const digestOf = (tool: Readonly<Record<string, unknown>>, refusal: () => Error): string => {
  try {
    return definitionDigest(tool)
  } catch {
    // Whatever is wrong with it, a value of the definition must not end up in an error.
    throw refusal()
  }
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
