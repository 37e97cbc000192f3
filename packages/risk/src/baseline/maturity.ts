/** From so many sessions on an agent's own habits say what one in twenty of its sessions does, which is what thresholds ask for. */
const knownFrom = 20

/**
 * How well an agent is known, for people.
 * @param sessions that had taught its baseline; below 0: not recorded
 */
export const maturityInWords = (sessions: number): string => {
  if (sessions < 0) return 'nobody recorded how well the agent was known'
  if (sessions === 0)
    return 'new agent: no session has taught its baseline, so it is judged by its role and by everyone'
  const taught = `${sessions} ${sessions === 1 ? 'session has' : 'sessions have'} taught its baseline`
  return sessions < knownFrom
    ? `young agent: ${taught}, and its role counts beside ${sessions === 1 ? 'it' : 'them'}`
    : `known agent: ${taught}`
}
