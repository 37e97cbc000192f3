import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { openWorkplace, startStack, type ServiceName, type Stack } from '@cordon/infra'

import { connectOverHttp, type Agent } from '../proxy/agent.ts'
import type { Cleanup } from '../support/cleanup.ts'
import type { OpenedSession } from '../support/opened-session.ts'
import { sumOf } from '../support/series.ts'
import { wholeStack } from './whole-stack.ts'

export const staleAfterMs = 2000
export const engineId = 'engine-of-the-test'

/** A tool of each way to decide; thresholds that no call of a test reaches. */
const catalogue = {
  'files/echo': { readOnly: true, sensitivity: 0, mode: 'enforce', resources: [] },
  'files/get-sum': { readOnly: false, sensitivity: 3, mode: 'gate', resources: [] },
}
const thresholds = { verify: 50, readOnly: 60, suspend: 70 }
const failSafe = { staleAfterMs, gateTimeoutMs: 1000 }

/** A whole stack in front of a tool that is only read and one that is gated. */
export const startToolStack = async (
  t: Cleanup,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Stack> => {
  const workplace = await openWorkplace({ environment, onProgress: () => undefined })
  t.after(() => workplace.close())
  const { tools, ...options } = await wholeStack(workplace)
  const given = await tools
  const bundle = JSON.parse(await readFile(given.bundleFile, 'utf8')) as object
  const bundleFile = join(workplace.folder, 'tool-bundle.json')
  await writeFile(bundleFile, JSON.stringify({ ...bundle, catalogue, thresholds, failSafe }))
  return startStack(workplace, {
    ...options,
    tools: { ...given, bundleFile },
    variables: { engine: { CORDON_ENGINE_ID: engineId } },
  })
}

/** The official client, on the stack's tools. */
export const connectAgent = (t: TestContext, stack: Stack, session: OpenedSession): Promise<Agent> =>
  connectOverHttp(t, new URL(`${stack.proxyUrl}/mcp/files`), session.fetchOf('files'))

/** What a call was answered: the tool's text, or the refusal's. */
const call = async ({ client }: Agent, name: string, args: Record<string, unknown>): Promise<string> => {
  try {
    const { content } = await client.callTool({ name, arguments: args })
    return (content as readonly { readonly text: string }[])[0]!.text
  } catch (error) {
    return String(error)
  }
}

/** `hello`, or why not. */
export const readOnlyCall = (agent: Agent): Promise<string> => call(agent, 'echo', { message: 'hello' })

/** A sentence that ends with `is 5.`, or why not. */
export const gatedCall = (agent: Agent): Promise<string> => call(agent, 'get-sum', { a: 2, b: 3 })

/** The sum of a service's series of this name, or the one series where the name has labels. */
export const metricOf = ({ services }: Stack, service: ServiceName, name: string): Promise<number> =>
  sumOf(services[service].operationsUrl, name)
