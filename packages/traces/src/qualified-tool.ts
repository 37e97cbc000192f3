import { hash } from 'node:crypto'

import { toolNamePattern } from '@cordon/policy'

/** The server of tools that are recorded without one. */
const recordedServer = 'recorded'

/** `server/tool` of a recorded call. */
export const qualifiedTool = (tool: string): string =>
  tool.includes('/') ? tool : `${recordedServer}/${tool}`

/** Whether a catalogue can name it. The star stands for all tools of a server, and is none itself. */
const isToolName = (tool: string): boolean =>
  toolNamePattern.test(qualifiedTool(tool)) && !qualifiedTool(tool).endsWith('/*')

const hashDigits = 16
/** A sentence where a name should be, with a mailbox or a number in it: names end up where analysts read them. */
const holdsData = /@|\d{5}/

/**
 * The tool as a catalogue names it: as recorded where it can be, else with percent-escapes (RFC 3986 §2.1), and where that
 * is too long by its hash.
 */
export const catalogueToolName = (tool: string): string => {
  if (isToolName(tool)) return tool
  const escaped = encodeURIComponent(tool.toWellFormed()).replaceAll('*', '%2A')
  return isToolName(escaped) && !holdsData.test(tool)
    ? escaped
    : `unnamed-${hash('sha256', tool, 'hex').slice(0, hashDigits)}`
}
