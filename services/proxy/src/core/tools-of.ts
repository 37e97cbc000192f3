/** The tools that something calls, each once. @param calling what calls nothing has none */
export const toolsOf = (calling: Iterable<{ readonly tool: string | undefined }>): ReadonlySet<string> =>
  new Set([...calling].flatMap(({ tool }) => (tool === undefined ? [] : [tool])))
