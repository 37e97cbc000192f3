/** One HTTP request of an agent, before its body is read. */
export interface AgentRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** By name in lower case, every value that came. */
  readonly headers: ReadonlyMap<string, readonly string[]>
}

/** A header's value where it came once; a header that came twice may be read in two ways, so it is as good as absent. */
export const headerOf = ({ headers }: AgentRequest, name: string): string | undefined => {
  const values = headers.get(name)
  return values?.length === 1 ? values[0] : undefined
}
