import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { definitionDigest } from '@cordon/foundation'
import { openWorkplace, type ServiceName, type Stack, startStack } from '@cordon/infra'
import { emptyBaselines, encodeBaselines } from '@cordon/risk'
import type { SecuritySignal, SessionDecision } from '@cordon/schemas'
import { openSerde } from '@cordon/serde'
import { openKafkaClient } from '@cordon/stream'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'

import type { Cleanup } from '../support/cleanup.ts'
import { eventually } from '../support/eventually.ts'
import { type OpenedSession, openSession } from '../support/opened-session.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { valueOf } from '../support/series.ts'
import { testIdentity } from '../support/test-identity.ts'
import { connectOverHttp } from './agent.ts'
import { approvedTools } from './drifting-tools.ts'

const approved = approvedTools.find(({ name }) => name === 'pay')

const bundle = {
  version: 1,
  catalogue: {
    'files/note': { readOnly: true, sensitivity: 1, mode: 'enforce' },
    'files/release': { readOnly: true, sensitivity: 1, mode: 'enforce' },
    'files/pay': {
      readOnly: false,
      sensitivity: 2,
      mode: 'enforce',
      definition: definitionDigest({ ...approved }),
    },
  },
  roles: { support: { priorLogit: -6 } },
  thresholds: { verify: 2.5, readOnly: 1e6, suspend: 1e6 },
  identity: testIdentity(['files']),
}

describe('a tool server that changes its tools under a session, with every service as it is deployed', () => {
  let stack: Stack
  const decisions: SessionDecision[] = []
  const signals: SecuritySignal[] = []
  const closers: (() => Promise<void> | void)[] = []
  const cleanup: Cleanup = { after: close => void closers.push(close) }

  before(async () => {
    const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
    closers.push(() => workplace.close())
    const bundleFile = join(workplace.folder, 'bundle.json')
    const baselinesFile = join(workplace.folder, 'baselines.json')
    await writeFile(bundleFile, JSON.stringify(bundle))
    await writeFile(baselinesFile, encodeBaselines(emptyBaselines))
    const files = {
      transport: 'stdio',
      command: process.execPath,
      args: [fileURLToPath(new URL('drifting-server.process.ts', import.meta.url)), 'stdio'],
    }
    stack = await startStack(workplace, {
      partitions: 2,
      topicPrefix: `drift-${randomBytes(6).toString('hex')}-`,
      tools: { bundleFile, baselinesFile, toolServers: { files } },
    })
    const { settings } = stack.broker
    const client = openKafkaClient(settings, { log: recordedLog() })
    closers.push(() => client.close())
    const { topicPrefix } = settings
    const codec = await openSerde({ registry: stack.registry.settings, topicPrefix, register: false })
    for (const topic of ['session-decisions', 'security-signals'] as const) {
      const table = await client.openTable({
        topic,
        maxWaitMs: 100,
        onRecord({ value }) {
          const record = value === null ? undefined : codec.decode(value)
          if (record?.name === 'SessionDecision') decisions.push(record.value)
          if (record?.name === 'SecuritySignal') signals.push(record.value)
        },
      })
      closers.push(() => table.close())
    }
  })
  after(async () => {
    for (const close of closers.reverse()) await close()
  })

  const counted = (service: ServiceName, series: string): Promise<number> =>
    valueOf(stack.services[service].operationsUrl, series)

  const connectAgent = async (session: OpenedSession): Promise<Client> => {
    const url = new URL(`${stack.proxyUrl}/mcp/files`)
    return (await connectOverHttp(cleanup, url, session.fetchOf('files'))).client
  }

  /** `done`, or the reason why not. */
  const call = async (client: Client, name: string): Promise<string> => {
    const { content, _meta } = await client.callTool({ name, arguments: {} })
    const refusal = _meta?.['cordon/refusal'] as { readonly reason: string } | undefined
    return refusal?.reason ?? (content as readonly { readonly text: string }[])[0]!.text
  }

  const listed = async (client: Client): Promise<readonly string[]> =>
    (await client.listTools()).tools.map(({ name }) => name)

  /** A session that has used a tool and was shown all, and whose server then changed them. */
  const openDrifted = async () => {
    const session = await openSession(stack)
    assert.ok(session)
    const client = await connectAgent(session)
    assert.deepEqual(await listed(client), ['note', 'pay', 'release'])
    await eventually('a call that gets through', async () => (await call(client, 'note')) === 'done')
    assert.equal(await call(client, 'pay'), 'done')
    const changed = new Promise<void>(resolve =>
      client.setNotificationHandler(ToolListChangedNotificationSchema, () => resolve()),
    )
    assert.equal(await call(client, 'release'), 'done')
    await changed
    return { client, sessionId: session.sessionId }
  }

  const factsOf = (sessionId: string): readonly string[] =>
    decisions
      .filter(decision => decision.sessionId === sessionId && decision.standing === 'verify')
      .flatMap(({ contributions }) => contributions)
      .flatMap(({ signal, fact }) => (signal === 'integrity' ? [fact] : []))

  /**
   * @input a tool whose definition is not the one that the catalogue pins, listed and called
   * @behaviour withheld from `tools/list`; a call of it is denied (`TOOL_DRIFTED`), on record, and raises the score; subscribers get a signal `tool_drifted`
   * @counter cordon_engine_calls_refused_total{reason="TOOL_DRIFTED"}, cordon_engine_tools_drifted_total, cordon_proxy_tools_withheld_total{cause="unpinned"}
   */
  test('rejects a rug pull: a tool that is not what the catalogue pins is neither shown nor called', async () => {
    const { client, sessionId } = await openDrifted()
    assert.deepEqual(await listed(client), ['note', 'release'])
    await eventually('the signal', () =>
      signals.some(signal => signal.kind === 'tool_drifted' && signal.sessionId === sessionId),
    )
    assert.equal(await counted('proxy', 'cordon_proxy_tools_withheld_total{cause="unpinned"}'), 1)
    assert.equal(await counted('engine', 'cordon_engine_tools_drifted_total'), 1)

    assert.equal(await call(client, 'pay'), 'TOOL_DRIFTED')
    assert.equal(await counted('engine', 'cordon_engine_calls_refused_total{reason="TOOL_DRIFTED"}'), 1)
    assert.equal(await counted('engine', 'cordon_engine_tools_drifted_total'), 2)
    await eventually('the explanation', () =>
      factsOf(sessionId).includes('the definition of files/pay is not the one that the catalogue pins'),
    )
  })

  /**
   * @input a tool that changed its description, schema or annotations under a session, called
   * @behaviour the call passes as its tool and the session's standing allow; the score rises by a fixed weight, explained; who calls sensitive tools next is asked for an approval
   * @counter cordon_proxy_tools_changed_total
   */
  test('a tool that changed under its session raises the score, and the live explanation says so', async () => {
    const { client, sessionId } = await openDrifted()
    const before = await counted('proxy', 'cordon_proxy_tools_changed_total')
    assert.deepEqual(await listed(client), ['note', 'release'])
    assert.equal(await counted('proxy', 'cordon_proxy_tools_changed_total'), before + 1)
    assert.equal(await call(client, 'note'), 'done')
    await eventually('the explanation', () =>
      factsOf(sessionId).includes(
        'the definition of files/note changed since this session was first shown it',
      ),
    )
  })

  /**
   * @input a call of a tool whose definition the catalogue pins, by a session to which its server listed nothing
   * @behaviour denied (`TOOL_UNLISTED`): the agent lists the tools first; nothing is raised
   * @counter cordon_engine_calls_refused_total{reason="TOOL_UNLISTED"}
   */
  test('a pinned tool that was not listed is refused until it is', async () => {
    const session = await openSession(stack)
    assert.ok(session)
    const client = await connectAgent(session)
    const unlisted = 'cordon_engine_calls_refused_total{reason="TOOL_UNLISTED"}'
    const before = await counted('engine', unlisted)
    await eventually('the refusal', async () => (await call(client, 'pay')) === 'TOOL_UNLISTED')
    assert.equal(await counted('engine', unlisted), before + 1)
    await listed(client)
    assert.equal(await call(client, 'pay'), 'done')
  })
})
