import assert from 'node:assert/strict'
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import fc from 'fast-check'

import { importClientConfig, undoImport } from './import-config.ts'

const secret = 'secret-4711'
const config = {
  mcpServers: {
    files: { command: 'npx', args: ['server-filesystem'], env: { TOKEN: secret } },
    hub: { url: 'https://hub.example/mcp', headers: { Authorization: secret } },
  },
}

const openWorld = async (t: TestContext, text: string | Buffer) => {
  const home = await mkdtemp(join(tmpdir(), 'cordon-unit-'))
  t.after(() => rm(home, { recursive: true }))
  const profileFile = join(home, 'connect.json')
  const profile = {
    identity: 'http://127.0.0.1:1',
    provider: 'http://127.0.0.1:1/oidc',
    proxy: 'http://127.0.0.1:2',
    platform: 'desk',
    agent: 'desk-agent',
    tools: ['files/*'],
    attester: { name: 'desk', keyFile: 'attester.pem' },
  }
  await writeFile(profileFile, JSON.stringify(profile), { mode: 0o600 })
  const path = join(home, 'mcp.json')
  await writeFile(path, text, { mode: 0o640 })
  const said: string[] = []
  const terminal = {
    answer: true,
    canAsk: true,
    print: (line: string) => void said.push(line),
    useKnown: true,
    confirm: (question: string) => {
      said.push(question)
      if (!terminal.canAsk) return Promise.reject(new Error('nobody to ask'))
      return Promise.resolve(question.endsWith("Use Cordon's?") ? terminal.useKnown : terminal.answer)
    },
  }
  const launcher = { command: '/usr/bin/node', args: ['/opt/cordon/cli/src/main.ts'] }
  return {
    home,
    path,
    profileFile,
    said,
    terminal,
    run: (useKnown?: boolean) => importClientConfig({ path, profileFile, launcher, useKnown, terminal }),
    undo: () => undoImport({ path, profileFile, terminal }),
    read: () => readFile(path, 'utf8'),
  }
}

test('imports, shows no secret, says what an operator has to add, and restores byte for byte', async t => {
  const before = JSON.stringify(config, null, 2)
  const world = await openWorld(t, before)
  await world.run()
  const written = JSON.parse(await world.read()) as { mcpServers: { files: { args: string[] } } }
  assert.deepEqual(written.mcpServers.files.args.slice(1, 3), ['connect', 'files'])
  const said = world.said.join('\n')
  assert.equal(said.includes(secret), false)
  assert.match(said, /^-\s+"TOKEN": "•••"/m)
  assert.match(said, /up --data \S+ --servers \S+imported-servers\.json$/m)
  assert.match(said, /Its one group is "users": who was added to others\n {2}opens no session until/)
  assert.deepEqual(JSON.parse(await readFile(join(world.home, 'imported-servers.json'), 'utf8')), {
    hub: { transport: 'http', url: 'https://hub.example/mcp', headers: { Authorization: secret } },
  })
  assert.deepEqual(JSON.parse(await readFile(join(world.home, 'imported-catalogue.json'), 'utf8')), {
    'hub/*': { readOnly: false, sensitivity: 2, mode: 'gate', resources: [] },
  })
  for (const name of ['imported-servers.json', 'mcp.json.cordon-backup-1'])
    assert.equal((await stat(join(world.home, name))).mode & 0o777, 0o600)
  assert.equal((await stat(world.path)).mode & 0o777, 0o640)

  await world.undo()
  assert.equal(await world.read(), before)
  // Nothing is left of it, the secrets of its servers neither.
  assert.deepEqual((await readdir(world.home)).sort(), ['connect.json', 'mcp.json'])
  await assert.rejects(world.undo(), { code: 'BACKUP_MISSING' })
})

const ownFiles = { command: 'npx', args: ['server-filesystem', '/home/me/work'] }
const twoPlaces = JSON.stringify({
  mcpServers: { files: ownFiles },
  projects: { '/a': { mcpServers: { files: { ...ownFiles, env: { TOKEN: secret } } } } },
})

test('asks once whether the server of the same name that Cordon has takes the place of the one of the client', async t => {
  const world = await openWorld(t, twoPlaces)
  await world.run()
  assert.equal(
    world.said[0],
    `"files" would become Cordon's own server "files", not: npx server-filesystem /home/me/work. Use Cordon's?`,
  )
  assert.equal(world.said.filter(line => line.endsWith("Use Cordon's?")).length, 1)
  assert.ok(
    world.said.includes(
      `  "files": becomes Cordon's own server "files"; no longer used is: npx server-filesystem /home/me/work`,
    ),
  )
  // However the places differ, there is one server of that name.
  assert.deepEqual((await world.read()).match(/"connect","[^"]+"/g), Array(2).fill('"connect","files"'))
})

for (const [how, useKnown] of [
  ['where the human says no', undefined],
  ['where nobody is asked', false],
] as const)
  test(`leaves an entry whose name Cordon has as it is, and says so, ${how}`, async t => {
    const world = await openWorld(t, twoPlaces)
    world.terminal.useKnown = false
    await world.run(useKnown)
    assert.equal(await world.read(), twoPlaces)
    assert.match(world.said.join('\n'), /"files": left as it is, so NOT behind Cordon: .* server-filesystem/)
    assert.equal(world.said.join('\n').includes(secret), false)
  })

test('where nobody is there to ask, the change is shown first, as it would be written without questions', async t => {
  const world = await openWorld(t, JSON.stringify(config))
  world.terminal.canAsk = false
  await assert.rejects(world.run(), { message: 'nobody to ask' })
  const said = world.said.join('\n')
  assert.match(said, /^\+.*"connect","hub"/m)
  assert.match(said, /"files": left as it is, so NOT behind Cordon/)
  assert.equal(said.includes("Use Cordon's?"), false)
  assert.equal(world.said.at(-1), `Write this to ${world.path}?`)
  assert.equal(await world.read(), JSON.stringify(config))
})

test('says what the file of the imported servers would put an end to', async t => {
  const world = await openWorld(t, JSON.stringify(config))
  await world.run(true)
  const said = world.said.join('\n')
  assert.equal(said.includes("Use Cordon's?"), false)
  assert.match(said, /takes the place of the servers that Cordon has now: files will be gone/)
  assert.match(said, /"hub": Cordon has no server "hub" yet; does not work until/)
})

test('nothing is written where the human says no, or there is nothing to change', async t => {
  const before = JSON.stringify(config)
  const world = await openWorld(t, before)
  world.terminal.answer = false
  await world.run()
  assert.equal(await world.read(), before)
  assert.deepEqual((await readdir(world.home)).sort(), ['connect.json', 'mcp.json'])
  world.terminal.answer = true
  await world.run()
  const files = await readdir(world.home)
  await world.run()
  assert.deepEqual(await readdir(world.home), files)
  assert.match(
    world.said.slice(-2).join('\n'),
    /nothing to change.*\n {2}"hub": Cordon has no server "hub" now/,
  )
})

test('an import after somebody added a server is undone first, then the one before', async t => {
  const first = JSON.stringify({ mcpServers: { files: { command: 'a' } } })
  const world = await openWorld(t, first)
  await world.run()
  const edited = JSON.parse(await world.read()) as { mcpServers: Record<string, unknown> }
  edited.mcpServers['more'] = { command: 'b' }
  const second = JSON.stringify(edited)
  await writeFile(world.path, second)
  await world.run()
  await world.undo()
  assert.equal(await world.read(), second)
  await assert.rejects(world.undo(), {
    code: 'CLIENT_CONFIG_CHANGED',
    message:
      /expected it as the import left it, got one that was edited since: take .* by hand, or copy \S+cordon-backup-1,/,
  })
  assert.equal(await world.read(), second)
})

test('a client that only wrote the file anew lost nothing', async t => {
  const before = JSON.stringify(config)
  const world = await openWorld(t, before)
  await world.run()
  await writeFile(world.path, JSON.stringify(JSON.parse(await world.read()), null, 7))
  await world.undo()
  assert.equal(await world.read(), before)
})

test('what an import before suggested outlives the undoing of the next', async t => {
  const world = await openWorld(t, JSON.stringify({ mcpServers: { first: { command: 'a' } } }))
  await world.run()
  const edited = JSON.parse(await world.read()) as { mcpServers: Record<string, unknown> }
  edited.mcpServers['second'] = { command: 'b' }
  await writeFile(world.path, JSON.stringify(edited))
  await world.run()
  await world.undo()
  for (const [file, name] of [
    ['imported-servers.json', 'first'],
    ['imported-catalogue.json', 'first/*'],
  ] as const)
    assert.deepEqual(Object.keys(JSON.parse(await readFile(join(world.home, file), 'utf8')) as object), [
      name,
    ])
})

test('the mode stays whatever the umask is, and what may not be written is not', async t => {
  const before = JSON.stringify(config)
  const world = await openWorld(t, before)
  await chmod(world.path, 0o666)
  await world.run()
  await world.undo()
  assert.equal((await stat(world.path)).mode & 0o777, 0o666)
  await chmod(world.path, 0o444)
  await assert.rejects(world.run(), { code: 'CLIENT_CONFIG_READ_ONLY', message: /got mode 0444/ })
  await chmod(world.path, 0o644)
  await link(world.path, join(world.home, 'other.json'))
  await assert.rejects(world.run(), { code: 'CLIENT_CONFIG_READ_ONLY', message: /got one with 2 hard links/ })
  assert.equal(await world.read(), before)
})

test('a file that is a link stays one', async t => {
  const world = await openWorld(t, JSON.stringify(config))
  const linked = join(world.home, 'link.json')
  await symlink(world.path, linked)
  await undoImport({ ...world, path: linked }).catch(() => undefined)
  await world.run()
  await undoImport({ ...world, path: linked })
  assert.equal(await readFile(linked, 'utf8'), JSON.stringify(config))
})

test('says in words that there is no such file, and that it is a directory', async t => {
  const world = await openWorld(t, '{}')
  await rm(world.path)
  await assert.rejects(world.run(), {
    code: 'CLIENT_CONFIG_UNREADABLE',
    message: /got none: there is no such file$/,
  })
  await mkdir(world.path)
  await assert.rejects(world.run(), { code: 'CLIENT_CONFIG_UNREADABLE', message: /got a directory$/ })
})

const broken: readonly (readonly [what: string, text: string | Buffer])[] = [
  ['that is no JSON', '{ "mcpServers": '],
  ['that is no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ['that names a server twice', '{"mcpServers":{"a":{},"a":{}}}'],
]
for (const [what, text] of broken)
  test(`refuses a file ${what}, and leaves it alone`, async t => {
    const world = await openWorld(t, text)
    await assert.rejects(world.run(), { code: 'CLIENT_CONFIG_INVALID' })
    assert.deepEqual(await readFile(world.path), Buffer.from(text))
  })

test('whatever was there is there again, byte for byte', async t => {
  const world = await openWorld(t, '{}')
  const servers = fc.dictionary(
    fc.string({ minLength: 1, unit: 'grapheme' }),
    fc.record({ command: fc.string({ minLength: 1, unit: 'grapheme' }), extra: fc.jsonValue() }),
    { minKeys: 1, maxKeys: 4 },
  )
  const layout = fc.record({
    space: fc.constantFrom('', '  ', '\t'),
    lineEnd: fc.constantFrom('\n', '\r\n'),
    mark: fc.constantFrom('', '\u{feff}'),
    comment: fc.constantFrom('', '// mine\n', '/* ü */'),
  })
  await fc.assert(
    fc.asyncProperty(servers, layout, async (mcpServers, { space, lineEnd, mark, comment }) => {
      const json = JSON.stringify({ mcpServers }, null, space).replaceAll('\n', lineEnd)
      const before = mark + comment + json + comment
      await writeFile(world.path, before)
      await world.run()
      assert.notEqual(await world.read(), before)
      await world.undo()
      assert.equal(await world.read(), before)
    }),
    { numRuns: 30 },
  )
})
