// A tool server on stdio whose tools are faults. Each tool does what its name says.
import { createInterface } from 'node:readline'

interface Request {
  readonly id?: number | string
  readonly method: string
  readonly params?: { readonly name?: string; readonly protocolVersion?: string; readonly arguments?: object }
}

const say = (message: object): void => {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
}

const text = (words: string): object => ({ content: [{ type: 'text', text: words }] })

const tools: Readonly<Record<string, (id: number | string, args: object) => void>> = {
  crash: () => process.exit(3),
  hang: () => undefined,
  huge: id => say({ id, result: text('x'.repeat(17 * 1024 * 1024)) }),
  large: id => say({ id, result: text('x'.repeat(5 * 1024 * 1024)) }),
  chatter: id => {
    process.stdout.write('a line for people\n{"jsonrpc":"1.0"}\n\n')
    process.stdout.write(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{},"result":{"content":[]}}\n`)
    process.stdout.write(`${'['.repeat(200_000)}1.0${']'.repeat(200_000)}\n`)
    say({ id: 'nobody asked', result: {} })
    say({ id, result: text('said') })
  },
  twice: id => {
    say({ id, result: text('first') })
    say({ id, result: text('second') })
  },
  complain: id => {
    for (let line = 0; line < 500; line += 1) process.stderr.write(`complaint ${line}\n`)
    say({ id, result: text('complained') })
  },
  flood: () => {
    const notice = { method: 'notifications/message', params: { level: 'info', data: 'x' } }
    setInterval(() => say(notice), 50)
  },
  garbled: id =>
    process.stdout.write(
      Buffer.from(
        `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"content":[{"type":"text","text":"\xff"}]}}\n`,
        'latin1',
      ),
    ),
  slow: id => setTimeout(() => say({ id, result: text('at last') }), 500),
  environment: id => say({ id, result: text(Object.keys(process.env).sort().join(' ')) }),
  // As the arguments came, digit for digit.
  arguments: id => say({ id, result: text(lastLine) }),
  stay: id => {
    process.on('SIGTERM', () => undefined)
    setInterval(() => undefined, 1_000)
    say({ id, result: text(String(process.pid)) })
  },
  pid: id => say({ id, result: text(String(process.pid)) }),
}

let lastLine = ''

createInterface({ input: process.stdin }).on('line', line => {
  lastLine = line
  const { id, method, params } = JSON.parse(line) as Request
  if (id === undefined) return
  if (method === 'initialize') {
    return say({
      id,
      result: {
        protocolVersion: params?.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'faulty', version: '1.0.0' },
      },
    })
  }
  if (method === 'tools/call') tools[params?.name ?? '']?.(id, params?.arguments ?? {})
})
