import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'

import type { Database } from '@cordon/identity/fixtures/front'
import { createHumanEvents, openEmbeddedProvider } from '@cordon/identity/humans'
import { createTelemetry } from '@cordon/telemetry'

import { takeDatabase } from './shared-database.ts'

// The attacker has a copy of identity's database, and not the file with the key that seals.

const quiet = { service: 'identity', logLevel: 'info', destination: { write: () => undefined } } as const

/** The embedded provider, as a browser and a device reach it. */
const openProvider = async (context: TestContext): Promise<{ database: Database; issuer: string }> => {
  const database = await takeDatabase(context)
  for (const table of ['oidc_keys', 'oidc_records']) await database.query(`delete from ${table}`)
  const server = createServer((request, response) => provider.handler(request, response)).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  const provider = await openEmbeddedProvider({
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    database,
    sealingKey: Buffer.alloc(32, 9),
    accounts: { find: () => Promise.resolve(undefined), check: () => Promise.resolve('refused') },
    endings: { ended: () => Promise.resolve() },
    events: createHumanEvents(createTelemetry(quiet)),
    clock: { now: () => Date.now() },
  })
  context.after(async () => {
    server.close()
    await provider.close()
  })
  return { database, issuer: provider.issuer }
}

/** All that stands in a table, as whoever has the database can read it. */
const readAll = async (database: Database, table: string): Promise<string> => {
  const rows = await database.query(`select * from ${table}`)
  assert.ok(rows.length > 0, `expected rows in ${table}, got none`)
  return rows
    .flatMap(row => Object.values(row))
    .map(value => (Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)))
    .join('\n')
}

test('rejects an ID token forged by whoever stole the database: the provider’s keys are sealed', async context => {
  const { database, issuer } = await openProvider(context)
  const published = await (await fetch(`${issuer}/jwks`)).text()
  const stolen = await readAll(database, 'oidc_keys')
  assert.match(published, /"kty":"EC"/)
  for (const part of ['"d":', '"kty"', 'PRIVATE KEY'])
    assert.ok(!stolen.includes(part), `expected nothing of a private key, got ${part}`)
})

test('rejects a log-in taken over by whoever stole the database: codes and cookies are not in it', async context => {
  const { database, issuer } = await openProvider(context)
  const answer = await fetch(`${issuer}/device/auth`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ client_id: 'cordon-connect', scope: 'openid' }),
  })
  const device = (await answer.json()) as { device_code: string; user_code: string }
  const asked = new URLSearchParams({
    client_id: 'cordon-connect',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: 'http://127.0.0.1:1/callback',
    code_challenge: 'A'.repeat(43),
    code_challenge_method: 'S256',
  })
  const login = await fetch(`${issuer}/auth?${asked.toString()}`, { redirect: 'manual' })
  const cookies = login.headers.getSetCookie().map(cookie => /=([^;]+)/.exec(cookie)?.[1] ?? '')
  const stolen = await readAll(database, 'oidc_records')
  const secrets = [device.device_code, device.user_code.replace('-', ''), ...cookies]
  assert.ok(secrets.length > 2 && secrets.every(secret => secret.length > 7), secrets.join(' '))
  for (const secret of secrets) assert.ok(!stolen.includes(secret), 'expected no code and no cookie, got one')
})
