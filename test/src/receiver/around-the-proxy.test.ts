import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

import { mailServerAt, startMailServer } from '@cordon/demo'
import { findFreePort, openWorkplace, startStack } from '@cordon/infra'
import { emptyBaselines, encodeBaselines } from '@cordon/risk'

import { connectOverHttp } from '../proxy/agent.ts'
import { eventually } from '../support/eventually.ts'
import { openSession } from '../support/opened-session.ts'
import { testIdentity } from '../support/test-identity.ts'

const bundle = {
  version: 1,
  catalogue: {
    'mail/send_reply': {
      readOnly: false,
      sensitivity: 2,
      mode: 'enforce',
      resources: [{ kind: 'recipient', argument: 'to', syntax: 'email' }],
    },
  },
  roles: { support: { priorLogit: -6 } },
  // Nothing here is a question of risk.
  thresholds: { verify: 1e6, readOnly: 1e6, suspend: 1e6 },
  failSafe: { staleAfterMs: 30_000, gateTimeoutMs: 10_000, recordTimeoutMs: 10_000 },
  identity: testIdentity(['mail']),
}

const reply = { name: 'send_reply', arguments: { to: 'ana@mail.example', text: 'On its way.' } }

test('rejects going around the proxy: the mail server takes calls that an engine let pass, and no others', async t => {
  const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
  t.after(() => workplace.close())
  const bundleFile = join(workplace.folder, 'bundle.json')
  const baselinesFile = join(workplace.folder, 'baselines.json')
  await writeFile(bundleFile, JSON.stringify(bundle))
  await writeFile(baselinesFile, encodeBaselines(emptyBaselines))
  const port = await findFreePort()
  const mail = mailServerAt(port)
  const stack = await startStack(workplace, {
    partitions: 2,
    topicPrefix: `receiver-${randomBytes(6).toString('hex')}-`,
    tools: { bundleFile, baselinesFile, toolServers: { mail } },
  })
  await startMailServer(workplace, port, stack)
  const session = await openSession(stack, ['mail'])
  assert.ok(session)

  const agent = await connectOverHttp(t, new URL(`${stack.proxyUrl}/mcp/mail`), session.fetchOf('mail'))
  await eventually('a reply', async () => {
    const { content } = await agent.client.callTool(reply)
    return JSON.stringify(content).includes('Sent to ana@mail.example in the name of alice.')
  })

  const around = async (headers: Readonly<Record<string, string>>): Promise<number> => {
    const response = await fetch(mail.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: reply }),
    })
    await response.body?.cancel()
    return response.status
  }
  const token = session.tokens['mail'] ?? ''
  assert.equal(await around({}), 401)
  assert.equal(await around({ authorization: `Bearer ${token}` }), 401)
  assert.equal(await around(session.holder.prove({ token, method: 'POST', url: mail.url })), 401)
})
