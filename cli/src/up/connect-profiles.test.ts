import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { type Bundle, parseBundle } from '@cordon/policy'

import { connectCode, ownAgentCode } from './agents-of-stack.ts'
import { writeConnectProfiles } from './connect-profiles.ts'
import { starterBundle } from './starter-bundle.ts'

const starter = parseBundle(starterBundle(['web', 'mail']), 'bundle')
const manifest = starter.identity.agents['my-agent']!

const withAgents = (agents: Bundle['identity']['agents']): Bundle => ({
  ...starter,
  identity: { ...starter.identity, agents },
})

const openFolder = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-profiles-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const readBack = async (file: string): Promise<Readonly<Record<string, unknown>>> =>
  JSON.parse(await readFile(file, 'utf8')) as Readonly<Record<string, unknown>>

const write = async (folder: string, bundle: Bundle, agentCode = ownAgentCode(bundle)) =>
  writeConnectProfiles(
    folder,
    {
      bundle,
      agentCode,
      identityUrl: 'http://127.0.0.1:7401',
      proxyUrl: 'http://127.0.0.1:7400',
      attester: { name: 'local', keyFile: join(folder, 'attester-key.pem') },
      humans: undefined,
    },
    ['web', 'mail'],
  )

test('each agent of the bundle that reaches something has a profile, the first one the usual one', async t => {
  const folder = await openFolder(t)
  const bundle = withAgents({
    writer: { ...manifest, platform: 'elsewhere', tools: ['web/*', 'bank/*'] },
    'my-agent': manifest,
    'a/../b c': manifest,
    banker: { ...manifest, tools: ['bank/*'] },
  })
  const profiles = await write(folder, bundle)
  const names = ['connect.json', 'connect-writer.json', 'connect-a%2F..%2Fb%20c.json']
  assert.deepEqual(
    profiles,
    ['my-agent', 'writer', 'a/../b c'].map((agent, place) => ({ file: join(folder, names[place]!), agent })),
  )
  assert.deepEqual((await readdir(folder)).sort(), names.toSorted())
  for (const { file, agent } of profiles) {
    const profile = await readBack(file)
    assert.deepEqual([profile['agent'], profile['codeFile']], [agent, connectCode])
    assert.equal((await stat(file)).mode & 0o777, 0o600)
  }
  const { platform, tools } = await readBack(profiles[1]!.file)
  assert.deepEqual([platform, tools], ['elsewhere', ['web/*']])
})

test('an agent that is code of its own has none, and of an earlier stack none is left', async t => {
  const folder = await openFolder(t)
  await write(folder, withAgents({ 'my-agent': manifest, second: manifest }))
  await writeFile(join(folder, 'connect-to.txt'), 'kept')
  const bundle = withAgents({ script: manifest, 'my-agent': manifest })
  await write(folder, bundle, { script: '/demo/agent.ts', 'my-agent': connectCode })
  assert.deepEqual((await readdir(folder)).sort(), ['connect-to.txt', 'connect.json'])
  assert.equal((await readBack(join(folder, 'connect.json')))['agent'], 'my-agent')
  assert.deepEqual(await write(folder, withAgents({})), [])
  assert.deepEqual(await readdir(folder), ['connect-to.txt'])
})
