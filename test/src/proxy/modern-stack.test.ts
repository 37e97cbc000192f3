import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'

import { openWorkplace, startStack } from '@cordon/infra'

import { guardedTools } from '../fail-safe/guarded-tools.ts'
import { eventually } from '../support/eventually.ts'
import { openSession } from '../support/opened-session.ts'
import { connectModernAgent } from './modern-agent.ts'

test('a stateless agent before an old npm server, with every service as it is deployed', async context => {
  const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
  context.after(() => workplace.close())
  const { options, work } = await guardedTools(workplace)
  const stack = await startStack(workplace, options)
  const url = new URL(`${stack.proxyUrl}/mcp/files`)
  const session = await openSession(stack)
  const { client } = await connectModernAgent(context, url, session!.fetchOf('files'))
  const call = async (name: string, args: Record<string, string>): Promise<string> => {
    const { content, _meta } = await client.callTool({ name, arguments: args })
    const refusal = _meta?.['cordon/refusal'] as { readonly reason: string } | undefined
    return refusal?.reason ?? content.map(block => ('text' in block ? block.text : block.type)).join(' ')
  }

  assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28')
  await eventually('the scorer lets a gated call through', async () =>
    (await call('create_directory', { path: join(work, 'gated') })).startsWith('Successfully created'),
  )
  assert.match(
    await call('write_file', { path: join(work, 'a.txt'), content: 'text' }),
    /^Successfully wrote/,
  )
  assert.match(await call('list_directory', { path: work }), /\[DIR\] gated/)
  // The catalogue does not have it.
  assert.equal(await call('move_file', { source: 'a', destination: 'b' }), 'TOOL_UNKNOWN')
})
