/** One HTTP request of an agent, before its body is read. */
export interface AgentRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** A header's value where it came once; a header that came twice may be read in two ways, so it is as good as absent. */
export const headerOf = ({ headers }: AgentRequest, name: string): string | undefined => {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}
