/** The versions of MCP that know sessions; the official SDK negotiates each of them. */
const versions: ReadonlySet<string> = new Set([
  '2025-11-25',
  '2025-06-18',
  '2025-03-26',
  '2024-11-05',
  '2024-10-07',
])

/** Whether an `MCP-Protocol-Version` is one that a tool server on stdio can be spoken to in; older clients send none. */
export const isKnownVersion = (version: string | undefined): boolean =>
  version === undefined || versions.has(version)
