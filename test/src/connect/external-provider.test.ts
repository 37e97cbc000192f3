import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { openWorkplace, startStack, type Stack } from '@cordon/infra'
import { emptyBaselines, encodeBaselines } from '@cordon/risk'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

import { eventually } from '../support/eventually.ts'
import { type ConnectProfile, makeProfile, startHttpFront } from './connect-process.ts'
import { type ExternalProvider, startExternalProvider } from './external-provider.ts'

const writers = { claim: 'groups', value: 'writers' }
const agent = {
  version: '1.0.0',
  platform: 'desk',
  deployer: 'acme',
  model: 'any',
  promptDigest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  tools: ['notes/*'],
  provenance: [],
}

const bundleFor = (issuer: string): object => ({
  version: 1,
  catalogue: { 'notes/*': { readOnly: true, sensitivity: 1, mode: 'enforce' } },
  roles: { writer: { priorLogit: -6 } },
  // Nothing here is a question of risk.
  thresholds: { verify: 1e6, readOnly: 1e6, suspend: 1e6 },
  failSafe: { staleAfterMs: 30_000, gateTimeoutMs: 10_000, recordTimeoutMs: 10_000 },
  identity: {
    providers: {
      [issuer]: {
        audiences: ['cordon-connect'],
        jwksUri: `${issuer}/jwks`,
        algorithms: ['RS256'],
        roles: [{ ...writers, role: 'writer' }],
        entitlements: [{ ...writers, tools: ['notes/*'] }],
        clearances: [{ ...writers, clearance: 2 }],
      },
    },
    agents: { 'desk-agent': agent },
    deployers: { acme: { tools: ['notes/*'] } },
  },
})

const startWorld = async (t: TestContext, issuer: string): Promise<Stack> => {
  const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
  t.after(() => workplace.close())
  const [bundleFile, baselinesFile, notes] = ['bundle.json', 'baselines.json', 'notes'].map(name =>
    join(workplace.folder, name),
  ) as [string, string, string]
  await writeFile(bundleFile, JSON.stringify(bundleFor(issuer)))
  await writeFile(baselinesFile, encodeBaselines(emptyBaselines))
  await mkdir(notes)
  const server = {
    transport: 'stdio',
    command: 'npx',
    args: ['mcp-server-filesystem', notes],
    cwd: resolve('.'),
  }
  return startStack(workplace, {
    partitions: 2,
    topicPrefix: `provider-${randomBytes(6).toString('hex')}-`,
    tools: {
      bundleFile,
      baselinesFile,
      toolServers: { notes: server },
      agentCode: { 'desk-agent': resolve('services/connect/src/main.ts') },
    },
  })
}

const logIn = async (
  t: TestContext,
  { connectArgs }: ConnectProfile,
  provider: ExternalProvider,
  name: string,
): Promise<void> => {
  const child = spawn(process.execPath, connectArgs('--log-in'), {
    // No browser is found there: the test is the browser.
    env: { PATH: '/nowhere', DISPLAY: ':0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'exit')
  t.after(async () => {
    child.kill('SIGKILL')
    await exited
  })
  let status: number | undefined = undefined
  for await (const line of createInterface({ input: child.stderr })) {
    const url = /^Sign in.* (http:\S+)$/.exec(line)?.[1]
    if (url !== undefined) status = await provider.signInAt(url, name)
  }
  assert.deepEqual([status, await exited], [200, [0, null]])
}

/** An MCP client behind a `cordon connect` of its own. */
const openAgent = async (
  t: TestContext,
  { identityUrl, proxyUrl, attester }: Stack,
  provider: ExternalProvider,
  name: string,
) => {
  const profile = await makeProfile(t, {
    url: identityUrl,
    proxy: proxyUrl,
    provider: provider.issuer,
    tools: ['notes/*'],
    attester,
  })
  await logIn(t, profile, provider, name)
  const front = await startHttpFront(t, profile)
  const connect = async (): Promise<Client> => {
    const client = new Client({ name: 'client', version: '1.0.0' })
    await client.connect(new StreamableHTTPClientTransport(new URL(`${front.url}/mcp/notes`)))
    t.after(() => client.close())
    return client
  }
  let client = await connect()
  return {
    /** What a call is answered with: the tool's words, or why there is no answer. */
    call: async (): Promise<string> => {
      try {
        const call = { name: 'list_allowed_directories', arguments: {} }
        return JSON.stringify(await client.callTool(call))
      } catch (error) {
        return String(error)
      }
    },
    /** Another log-in; the process goes on, a session of MCP does not. */
    logInAgain: async (): Promise<void> => {
      await logIn(t, profile, provider, name)
      client = await connect()
    },
  }
}

/**
 * @fault a human’s sessions are revoked at their company’s OpenID provider
 * @behaviour the provider’s signed event ends their agents’ sessions: the next call is refused; others go on; a new log-in opens a new session
 * @counter cordon_identity_security_events_total{outcome="ended"}
 */
test('a company’s own OpenID provider: log-in through it, and the event that it signs ends that human’s agents', async t => {
  const provider = await startExternalProvider(t)
  const stack = await startWorld(t, provider.issuer)
  const [jane, joe] = [
    await openAgent(t, stack, provider, 'jane'),
    await openAgent(t, stack, provider, 'joe'),
  ]
  for (const each of [jane, joe]) assert.match(await each.call(), /Allowed directories/)

  const revocation = { sub: 'jane', receiver: `${stack.identityUrl}/caep`, audience: stack.identityUrl }
  assert.equal(await provider.revoke(revocation), 202)
  await eventually('her agent to be refused', async () => (await jane.call()).includes('SESSION_ENDED'))
  assert.match(await joe.call(), /Allowed directories/)
  const metrics = await (await fetch(`${stack.services.identity.operationsUrl}/metrics`)).text()
  assert.match(metrics, /^cordon_identity_security_events_total\{outcome="ended"\} 1$/m)

  // A provider says to the second when somebody signed in (OIDC Core §2): in the second of the event it was before it.
  await sleep(1_100)
  await jane.logInAgain()
  assert.match(await jane.call(), /Allowed directories/)
})
