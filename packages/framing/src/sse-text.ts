import type { SseEvent } from './sse-event.ts'

/** A comment, which agents ignore and connections live from. */
export const keepAliveText = ': still here\n\n'

/** An event as it goes over the wire. */
export const sseText = ({ data, event, id, retry }: SseEvent): string => {
  let text = ''
  if (event !== undefined && event !== '') text += `event: ${event}\n`
  if (id !== undefined) text += `id: ${id}\n`
  if (retry !== undefined) text += `retry: ${retry}\n`
  // A carriage return would end the line for the agent; in JSON it is white space and nothing else.
  const lines = data.includes('\r') ? data.replaceAll('\r', ' ') : data
  return `${text}data: ${lines.includes('\n') ? lines.replaceAll('\n', '\ndata: ') : lines}\n\n`
}
