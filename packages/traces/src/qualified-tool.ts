import { toolNamePattern } from '@cordon/policy'

/** The server of tools that are recorded without one. */
const recordedServer = 'recorded'

/** `server/tool` of a recorded call. */
export const qualifiedTool = (tool: string): string =>
  tool.includes('/') ? tool : `${recordedServer}/${tool}`

/** Whether a catalogue can name it. The star stands for all tools of a server, and is none itself. */
export const isToolName = (tool: string): boolean =>
  toolNamePattern.test(qualifiedTool(tool)) && !qualifiedTool(tool).endsWith('/*')
