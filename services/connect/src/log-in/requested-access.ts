/** What the human is told that the log-in is for; parameters that other providers ignore. */
export interface RequestedAccess {
  readonly cordon_agent: string
  /** `server/tool` names with spaces between. */
  readonly cordon_tools: string
}
