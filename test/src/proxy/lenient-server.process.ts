// A tool server on stdio that dispatches on the method alone, as many hand-written ones do: whatever the id, the case, the
// spaces around it, and whichever of `method` and `Method` came last. A ping is answered with everything that it was told.
import { createInterface } from 'node:readline'

const told: string[] = []

const memberOf = (message: object, name: string): unknown =>
  Object.entries(message).findLast(([member]) => member.toLowerCase() === name)?.[1]

createInterface({ input: process.stdin }).on('line', line => {
  const message = JSON.parse(line) as { readonly id?: number | string }
  const method = String(memberOf(message, 'method')).trim().toLowerCase()
  told.push(method)
  if (message.id === undefined) return
  const results: Readonly<Record<string, object>> = {
    initialize: {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 'lenient', version: '1.0.0' },
    },
    ping: { told },
  }
  process.stdout.write(
    `${JSON.stringify({ jsonrpc: '2.0', id: message.id, result: results[method] ?? {} })}\n`,
  )
})
