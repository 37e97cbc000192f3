import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { eventually } from '../support/eventually.ts'
import { connectOverHttp } from './agent.ts'
import type { Agent } from './agent.ts'
import { openProxyWorld } from './proxy-world.ts'
import type { ProxyWorld } from './proxy-world.ts'
import { sendJson, startScriptedServer } from './scripted-http-server.ts'
import type { Answering, ScriptedHttpServer } from './scripted-http-server.ts'

const toolResult = (words: string): object => ({ content: [{ type: 'text', text: words }] })

/** An agent whose `tools/call` the test answers; notifications are accepted, other streams are not offered. */
const open = async (
  test: TestContext,
  answerCall: Answering,
  options: Parameters<typeof openProxyWorld>[2] = {},
): Promise<ProxyWorld & Agent & { readonly server: ScriptedHttpServer }> => {
  const server = await startScriptedServer(test, (request, response) => {
    if (request.message?.method === 'tools/call') return answerCall(request, response)
    response.writeHead(request.method === 'POST' ? 202 : 405).end()
  })
  const headers = { authorization: 'Basic of-the-proxy' }
  const world = await openProxyWorld(
    test,
    { scripted: { transport: 'http', url: server.url, headers } },
    options,
  )
  return { ...world, server, ...(await connectOverHttp(test, world.urlOf('scripted'), 'alice')) }
}

/** Deep enough to end the stack of what parses it with a reviver, or without one. */
const nestedResponse = (id: unknown, levels: number): string =>
  `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"a":${'['.repeat(levels)}1.0${']'.repeat(levels)}}}`

const twice = (id: unknown): string =>
  `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"content":[],"content":[{"type":"text","text":"x"}]}}`

const faults: Readonly<Record<string, { readonly answer: Answering; readonly expected: RegExp }>> = {
  'its own credentials refused': {
    answer: (_, response) => sendJson(response, { error: 'invalid_token' }, 401),
    expected: /it refuses the call token or the credentials that Cordon sends \(status 401\)/,
  },
  'a broken server': {
    answer: (_, response) => response.writeHead(500).end('stack trace'),
    expected: /expected an answer, got status 500/,
  },
  'a redirect': {
    answer: (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    expected: /redirects are not followed/,
  },
  'no JSON': {
    answer: (_, response) => sendJson(response, '{"jsonrpc":'),
    expected: /expected the response to the request, .*, got something else/,
  },
  'JSON of 3,000 levels': {
    answer: ({ message }, response) => sendJson(response, nestedResponse(message?.id, 3_000)),
    expected:
      /expected the response to the request, at most 500 levels deep, no member twice, got something else/,
  },
  'JSON of 200,000 levels': {
    answer: ({ message }, response) => sendJson(response, nestedResponse(message?.id, 200_000)),
    expected:
      /expected the response to the request, at most 500 levels deep, no member twice, got something else/,
  },
  'an event of 200,000 levels': {
    answer: ({ message }, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(`data: ${nestedResponse(message?.id, 200_000)}\n\n`)
    },
    expected: /expected a response, got a stream that ended before it/,
  },
  'a member twice': {
    answer: ({ message }, response) => sendJson(response, twice(message?.id)),
    expected: /expected the response to the request, .*, no member twice, got something else/,
  },
  'an event with a member twice': {
    answer: ({ message }, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${twice(message?.id)}\n\n`),
    expected: /expected a response, got a stream that ended before it/,
  },
  'the answer to another request': {
    answer: (_, response) => sendJson(response, { jsonrpc: '2.0', id: 'other', result: toolResult('x') }),
    expected: /expected the response to the request, .*, got something else/,
  },
  'bytes that are no text': {
    answer: (_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.from([0x22, 0xff, 0x22])),
    expected: /expected UTF-8, got other bytes/,
  },
  'an encoding that nobody asked for': {
    answer: (_, response) =>
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('x'),
    expected: /expected an answer without encoding/,
  },
  'an event of bytes that are no text': {
    answer: ({ message }, response) =>
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .end(
          Buffer.from(
            `id: 1\ndata: {"jsonrpc":"2.0","id":${message!.id!},"result":{"x":"\xff"}}\n\n`,
            'latin1',
          ),
        ),
    expected: /expected UTF-8, got other bytes/,
  },
  'log messages without end': {
    answer: (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const notice = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x' } }
      const flood = setInterval(() => response.write(`data: ${JSON.stringify(notice)}\n\n`), 50)
      response.once('close', () => clearInterval(flood))
    },
    expected: /expected an answer or progress within 700 ms, got none/,
  },
  'another media type': {
    answer: (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    expected: /expected JSON or an event stream/,
  },
  'an answer of 50 MB': {
    answer: ({ message }, response) =>
      sendJson(response, {
        jsonrpc: '2.0',
        id: message?.id,
        result: toolResult('x'.repeat(50 * 1024 * 1024)),
      }),
    expected: /expected messages of at most 16777216 bytes, got a larger one/,
  },
  'an event of 50 MB': {
    answer: (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(`data: ${'x'.repeat(50 * 1024 * 1024)}\n\n`)
    },
    expected: /expected messages of at most 16777216 bytes, got a larger one/,
  },
  'an answer that breaks off': {
    answer: (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
      response.write('{"jsonrpc"', () => response.destroy())
    },
    expected: /its answer broke off/,
  },
  'a stream without an answer': {
    answer: (_, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(),
    expected: /expected a response, got a stream that ended before it/,
  },
  'a connection that is cut': {
    answer: (_, response) => response.destroy(),
    expected: /expected to reach it, got ECONNRESET/,
  },
  silence: {
    answer: () => undefined,
    expected: /expected an answer or progress within 700 ms, got none/,
  },
}

/** The kind that each is counted as; `malformed` where none is named. */
const kinds: Readonly<Record<string, string>> = {
  'its own credentials refused': 'credentials',
  'a broken server': 'failed',
  'an answer of 50 MB': 'too_large',
  'an event of 50 MB': 'too_large',
  'an answer that breaks off': 'unreachable',
  'a connection that is cut': 'unreachable',
  silence: 'timeout',
  'log messages without end': 'timeout',
}

for (const [name, { answer, expected }] of Object.entries(faults)) {
  /**
   * @fault a tool server over HTTP fails: 50 MB, JSON that is none or 200,000 levels deep or names a member twice, no UTF-8, an encoding, a redirect, silence, a cut connection, the answer to something else
   * @behaviour -32011 (silence: -32012) with expected and got; the outcome is reported, the next call is served
   * @counter cordon_proxy_upstream_faults_total
   */
  test(`a server that gives ${name} is a clear error, reported, and costs nothing else`, async context => {
    // Short only where it is waited for: 50 MB take their time on a busy machine.
    const { client, engine, telemetry } = await open(
      context,
      answer,
      kinds[name] === 'timeout' ? { callTimeoutMs: 700 } : {},
    )
    await assert.rejects(client.callTool({ name: 'any', arguments: {} }), expected)
    await eventually('the outcome came', () => engine.outcomes.length === 1)
    assert.equal(engine.outcomes[0]!.outcome, kinds[name] === 'timeout' ? 'timeout' : 'error')
    await assert.rejects(client.callTool({ name: 'any', arguments: {} }), expected)
    const counted = `cordon_proxy_upstream_faults_total{kind="${kinds[name] ?? 'malformed'}"} 2`
    assert.ok((await telemetry.metrics()).includes(counted))
  })
}

test('the agent’s token stays here, the server gets the proxy’s credentials and its own session id', async context => {
  const { client, server } = await open(context, ({ message }, response) =>
    sendJson(response, { jsonrpc: '2.0', id: message?.id, result: toolResult('done') }),
  )
  await client.callTool({ name: 'any', arguments: {} })
  assert.ok(server.requests.length >= 3)
  for (const { headers, message } of server.requests) {
    assert.equal(headers.authorization, 'Basic of-the-proxy')
    assert.ok(!JSON.stringify(headers).includes('alice'))
    if (message?.method !== 'initialize') assert.equal(headers['mcp-session-id'], 'own-session')
  }
})

/**
 * @fault a tool server over HTTP answers twice, or to nobody
 * @behaviour the first answer counts; the rest reaches nobody
 * @counter cordon_proxy_server_messages_dropped_total{cause="nobody_waits"}
 */
test('a response that comes twice, or to nobody, does not reach the agent', async context => {
  const { urlOf, http, telemetry } = await open(context, ({ message }, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const event = (id: unknown, words: string): string =>
      `data: ${JSON.stringify({ jsonrpc: '2.0', id, result: toolResult(words) })}\r\r`
    // Carriage returns alone end lines too: a reader that does not know misses the first event.
    response.end(event('nobody', 'stray') + event(message?.id, 'first') + event(message?.id, 'second'))
  })
  const response = await fetch(urlOf('scripted'), {
    method: 'POST',
    headers: {
      authorization: 'DPoP alice',
      dpop: 'proof',
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-session-id': http!.sessionId!,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'tools/call', params: { name: 'any' } }),
  })
  const text = await response.text()
  assert.match(text, /first/)
  assert.doesNotMatch(text, /stray|second/)
  assert.match(
    await telemetry.metrics(),
    /cordon_proxy_server_messages_dropped_total\{cause="nobody_waits"\} 2/,
  )
})

test('a server that forgot the session makes the agent initialize again', async context => {
  const { client, urlOf } = await open(context, (_, response) => response.writeHead(404).end())
  await assert.rejects(client.callTool({ name: 'any', arguments: {} }), /initialize again/)
  await assert.rejects(client.callTool({ name: 'any', arguments: {} }), /ended or unknown/)
  assert.ok(await connectOverHttp(context, urlOf('scripted'), 'alice'))
})

test('a stream that ends early is resumed, and its answer reported where it comes', async context => {
  const resumed: (string | undefined)[] = []
  let callId: unknown
  const server = await startScriptedServer(context, ({ method, headers, message }, response) => {
    const stream = { 'content-type': 'text/event-stream' }
    if (message?.method === 'tools/call') {
      callId = message.id
      return void response.writeHead(200, stream).end('id: one\nretry: 10\ndata: \n\n')
    }
    if (method !== 'GET') return void response.writeHead(202).end()
    const lastEventId = headers['last-event-id']
    if (lastEventId === undefined) return void response.writeHead(405).end()
    resumed.push(String(lastEventId))
    const answer = JSON.stringify({
      jsonrpc: '2.0',
      id: callId,
      result: toolResult('see https://evil.example/x'),
    })
    response.writeHead(200, stream).end(`id: two\ndata: ${answer}\n\n`)
  })
  const { urlOf, engine } = await openProxyWorld(context, {
    scripted: { transport: 'http', url: server.url, headers: {} },
  })
  const { client } = await connectOverHttp(context, urlOf('scripted'), 'alice')
  const { content } = await client.callTool({ name: 'any', arguments: {} })
  assert.deepEqual(content, [{ type: 'text', text: 'see https://evil.example/x' }])
  assert.deepEqual(resumed, ['one'])
  await eventually('the outcome came', () => engine.outcomes.length === 1)
  assert.ok(engine.outcomes[0]!.entities.some(({ kind }) => kind === 'url'))
})

test('a stream goes no faster than its agent reads', async context => {
  const progress = JSON.stringify({
    jsonrpc: '2.0',
    method: 'notifications/message',
    params: { level: 'info', data: 'x'.repeat(256 * 1024) },
  })
  const maxEvents = 400
  let written = 0
  const { urlOf, http } = await open(context, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const write = (): void => {
      if (written === maxEvents) return
      written += 1
      if (response.write(`data: ${progress}\n\n`)) write()
      else response.once('drain', write)
    }
    write()
  })
  const response = await fetch(urlOf('scripted'), {
    method: 'POST',
    headers: {
      authorization: 'DPoP alice',
      dpop: 'proof',
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-session-id': http!.sessionId!,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'tools/call', params: { name: 'any' } }),
  })
  // Nobody reads: after the buffers on the way are full, the server has to wait.
  let before = -1
  await eventually('the server waits', async () => {
    const same = before === written && written > 0
    before = written
    await new Promise(resolve => setTimeout(resolve, 200))
    return same
  })
  assert.ok(
    written < maxEvents / 2,
    `expected the server to be held back, got ${written} of ${maxEvents} events`,
  )
  await response.body!.cancel()
})
