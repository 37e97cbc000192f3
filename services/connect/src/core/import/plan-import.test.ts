import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { planImport } from './plan-import.ts'

const launcher = {
  command: '/usr/bin/node',
  args: ['/opt/cordon/cli/src/main.ts'],
  profileFile: '/home/a/.cordon/connect.json',
}
const through = (server: string) => ({
  command: '/usr/bin/node',
  args: ['/opt/cordon/cli/src/main.ts', 'connect', server, '--profile', '/home/a/.cordon/connect.json'],
})

test('Claude Desktop and Cursor: servers are replaced, and all else stays as it was written', () => {
  const before = `{
    "theme":   "dark",
    "mcpServers": {
        // where the files are
        "files": {
            "command": "npx",
            "args": ["-y", "server-filesystem", "/data"],
            "env": { "TOKEN": "s3cret" },
            "disabled": false
        },
        "bank": { "url": "https://bank.example/mcp", "headers": { "Authorization": "Bearer x" } },
    }
}
`
  const plan = planImport(before, launcher)
  assert.equal(
    plan.text,
    `{
    "theme":   "dark",
    "mcpServers": {
        // where the files are
        "files": {
            "command": "/usr/bin/node",
            "args": [
                "/opt/cordon/cli/src/main.ts",
                "connect",
                "files",
                "--profile",
                "/home/a/.cordon/connect.json"
            ],
            "disabled": false
        },
        "bank": {"command":"/usr/bin/node","args":["/opt/cordon/cli/src/main.ts","connect","bank","--profile","/home/a/.cordon/connect.json"]},
    }
}
`,
  )
  assert.deepEqual(plan.entries, [
    {
      name: 'files',
      what: 'rewritten',
      server: 'files',
      toolServer: {
        transport: 'stdio',
        command: 'npx',
        args: ['-y', 'server-filesystem', '/data'],
        env: { TOKEN: 's3cret' },
      },
    },
    {
      name: 'bank',
      what: 'rewritten',
      server: 'bank',
      toolServer: {
        transport: 'http',
        url: 'https://bank.example/mcp',
        headers: { Authorization: 'Bearer x' },
      },
    },
  ])
})

test('VS Code: the type is that of a program, line ends and inputs stay', () => {
  const before =
    '{\r\n\t"inputs": [{ "id": "key" }],\r\n\t"servers": {\r\n\t\t"hub": {\r\n\t\t\t"type": "http",\r\n\t\t\t"url": "https://hub.example/"\r\n\t\t}\r\n\t}\r\n}'
  const { text } = planImport(before, launcher)
  assert.deepEqual(JSON.parse(text), {
    inputs: [{ id: 'key' }],
    servers: { hub: { type: 'stdio', ...through('hub') } },
  })
  assert.equal(text.replaceAll('\r\n', '').includes('\n'), false)
})

test('names that cannot stand in a path get one that can, each its own', () => {
  const config = {
    mcpServers: { 'My Files': { command: 'a' }, 'My-Files': { command: 'b' }, ü: { command: 'c' } },
  }
  const { entries } = planImport(JSON.stringify(config), launcher)
  assert.deepEqual(
    entries.map(entry => entry.what === 'rewritten' && entry.server),
    ['My-Files', 'My-Files-2', 'server'],
  )
})

test('what the proxy cannot reach is left as it is, and said', () => {
  const config = {
    mcpServers: {
      odd: { command: 'x', args: [1] },
      file: { command: 'x', envFile: '.env' },
      both: { command: 'x', url: 'https://x.example' },
      none: {},
    },
  }
  const before = JSON.stringify(config)
  const { text, entries } = planImport(before, launcher)
  assert.equal(text, before)
  assert.deepEqual([...new Set(entries.map(({ what }) => what))], ['left'])
})

test('servers of each project are found, and one that several name is one', () => {
  const shared = { command: 'npx', args: ['server-filesystem'] }
  const config = {
    mcpServers: { files: shared },
    projects: {
      '/a': { mcpServers: { files: shared } },
      '/b': { mcpServers: { files: { command: 'other' } } },
    },
    mcp: { servers: { old: { type: 'sse', url: 'https://old.example/sse' } } },
    lists: { servers: { untouched: { command: 'x' } } },
  }
  const { text, entries } = planImport(JSON.stringify(config), launcher)
  assert.deepEqual(JSON.parse(text), {
    mcpServers: { files: through('files') },
    projects: {
      '/a': { mcpServers: { files: through('files') } },
      '/b': { mcpServers: { files: through('files-2') } },
    },
    mcp: { servers: { old: { type: 'stdio', ...through('old') } } },
    lists: config.lists,
  })
  assert.deepEqual(
    entries.map(entry => entry.what === 'rewritten' && entry.toolServer.transport),
    ['stdio', 'stdio', 'stdio', 'sse'],
  )
})

const refused: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['a configuration without servers', '{}', /expected a member "mcpServers" or "servers", got neither/],
  [
    'a comment that would be lost',
    '{"mcpServers":{"a":{/* mine */"command":"x"}}}',
    /one in "a": put it above/,
  ],
  ['a server that is no object', '{"mcpServers":{"a":1}}', /an object for the server "a"/],
  ['a list of servers', '{"mcpServers":[]}', /an object of servers/],
]

for (const [what, text, message] of refused)
  test(`refuses ${what}`, () =>
    assert.throws(() => planImport(text, launcher), { code: 'CLIENT_CONFIG_INVALID', message }))

const entry = fc.oneof(
  fc.record({
    command: fc.string({ minLength: 1 }),
    args: fc.array(fc.string()),
    env: fc.dictionary(fc.string(), fc.string()),
    note: fc.jsonValue(),
  }),
  fc.record({ url: fc.webUrl(), headers: fc.dictionary(fc.string(), fc.string()), timeout: fc.nat() }),
)
const config = fc.record({
  before: fc.jsonValue(),
  mcpServers: fc.dictionary(fc.string({ minLength: 1 }), entry, { maxKeys: 5 }),
  after: fc.jsonValue(),
})

test('done twice it changes nothing more, and never anything beside the servers', () => {
  fc.assert(
    fc.property(config, fc.constantFrom(undefined, 2, '\t'), (value, space) => {
      const text = JSON.stringify(value, null, space)
      const once = planImport(text, launcher)
      assert.equal(planImport(once.text, launcher).text, once.text)
      const written = JSON.parse(once.text) as typeof value
      const { before, after } = JSON.parse(text) as typeof value
      assert.deepEqual([written.before, written.after], [before, after])
      assert.deepEqual(
        Object.keys(written.mcpServers),
        Object.keys((JSON.parse(text) as typeof value).mcpServers),
      )
      for (const server of Object.values(written.mcpServers))
        assert.equal('command' in server && server.command, launcher.command)
      const names = once.entries.map(planned => planned.what === 'rewritten' && planned.server)
      assert.equal(new Set(names).size, names.length)
    }),
  )
})
