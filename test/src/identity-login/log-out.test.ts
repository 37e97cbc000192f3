import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'

import { useLoginWorld } from './login-world.ts'
import { claimsOf, redeem } from './token-request.ts'

const world = useLoginWorld()

const addressOf = (origin: string): { readonly host: string; readonly port: string } => {
  const { hostname: host, port } = new URL(origin)
  return { host, port }
}

/** Asks as no browser would: the path as it is written. */
const ask = async (
  path: string,
  options: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<{ status: number; headers: Readonly<Record<string, unknown>>; body: string }> => {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number
    headers: Readonly<Record<string, unknown>>
    body: string
  }>()
  const sent = request({ ...addressOf(world.server.origin), agent: false, path, ...options }, response => {
    let body = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      body += chunk
    })
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
  })
  sent.on('error', reject)
  sent.end()
  return promise
}

test('a log-out ends the session and, before it is answered, what rests on it', async () => {
  const { server } = world
  const program = await world.newProgram()
  const page = await world.newPage()
  const tokens = await redeem(server.origin, program, await world.getCode(page, program))
  const sid = String(claimsOf(tokens)['sid'])
  await page.goto(`${server.origin}/oidc/logout`)
  assert.match(await page.innerText('main'), /signed in as Alice Example/)
  const before = server.ended.length
  await page.getByRole('button', { name: 'Log out' }).click()
  assert.match(await page.innerText('main'), /Nobody is signed in/)
  assert.deepEqual(server.ended.slice(before), [
    { issuer: `${server.origin}/oidc`, subject: 'alice', session: sid },
  ])
  assert.equal(await server.provider.isSignedIn('alice', sid), false)
  await page.goto(program.authorizationUrl(server.origin))
  assert.match(await page.title(), /Sign in/)
})

/**
 * @fault the log does not answer while a human logs out of the embedded provider
 * @behaviour the page says so and the human is still signed in; logging out again ends the agent sessions
 * @counter cordon_identity_human_provider_failed_total
 */
test('a log-out that could not end the agents is no log-out yet, and can be tried again', async () => {
  const { server } = world
  const page = await world.newPage()
  await world.getCode(page, await world.newProgram())
  const before = server.ended.length
  server.failEndings = true
  await page.goto(`${server.origin}/oidc/logout`)
  await page.click('button[type=submit]')
  assert.match(await page.innerText('main'), /fault of ours/)
  server.failEndings = false
  await page.goto(`${server.origin}/oidc/logout`)
  await page.click('button[type=submit]')
  assert.match(await page.innerText('main'), /Nobody is signed in/)
  assert.equal(server.ended.length, before + 1)
  assert.match(await server.telemetry.metrics(), /cordon_identity_human_provider_failed_total 1/)
})

test('rejects a log-out that another page starts: by link it only asks, by form it is refused', async () => {
  const { server } = world
  const profile = await world.newProfile()
  const page = await profile.newPage()
  await world.getCode(page, await world.newProgram())
  const before = server.ended.length
  await page.goto(`${server.origin}/oidc/logout`)
  await page.locator('input[name=csrf]').evaluate(input => input.setAttribute('value', 'x'))
  const [response] = await Promise.all([page.waitForResponse(/logout/), page.click('button[type=submit]')])
  assert.equal(response.status(), 403)
  const cookies = (await profile.cookies(server.origin))
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
  const foreign = await ask('/oidc/logout', {
    method: 'POST',
    headers: { cookie: cookies, origin: 'http://127.0.0.1:1' },
  })
  assert.equal(foreign.status, 403)
  assert.equal(server.ended.length, before)
})

test('rejects another host name for this address (DNS rebinding), and one that is forwarded', async () => {
  for (const host of ['evil.example', 'localhost', '127.0.0.1', '127.0.0.1:1'])
    assert.equal((await ask('/oidc/.well-known/openid-configuration', { headers: { host } })).status, 421)
  const { body } = await ask('/oidc/.well-known/openid-configuration', {
    headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
  })
  assert.doesNotMatch(body, /evil\.example|https:/)
  const { issuer, code_challenge_methods_supported: methods } = JSON.parse(body) as Record<string, unknown>
  assert.deepEqual([issuer, methods], [`${world.server.origin}/oidc`, ['S256']])
})

test('rejects paths that the provider library would answer: log-out without asking, registration, introspection', async () => {
  for (const [method, path] of [
    ['POST', '/oidc/session/end/confirm'],
    ['GET', '/oidc/session/end'],
    ['POST', '/oidc/reg'],
    ['POST', '/oidc/request'],
    ['POST', '/oidc/token/introspection'],
    ['GET', '/oidc/me'],
    ['GET', '/oidc/AUTH'],
    ['GET', '/oidc/jwks/'],
    ['GET', '/oidc//auth'],
    ['GET', '/oidc/../oidc/auth'],
    ['GET', '/oidc'],
    ['GET', '/oidcx/jwks'],
  ] as const)
    assert.equal((await ask(path, { method })).status, 404, path)
  const posted = await ask('/oidc/auth', { method: 'POST' })
  assert.deepEqual([posted.status, posted.headers['allow']], [405, 'GET'])
})

test('every answer forbids scripts, frames and guessing of types', async () => {
  for (const path of ['/oidc/device', '/oidc/logout', '/oidc/auth', '/oidc/jwks', '/oidc/none']) {
    const { headers } = await ask(path)
    const policy = String(headers['content-security-policy'])
    assert.match(policy, /^default-src 'none'; style-src 'sha256-[\w+/=]+'; /)
    assert.match(policy, /form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/)
    assert.doesNotMatch(policy, /unsafe|script-src/)
    assert.equal(headers['x-frame-options'], 'DENY')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'same-origin')
  }
  const { headers } = await ask('/oidc/device')
  const cookies = headers['set-cookie'] as readonly string[]
  for (const cookie of cookies) assert.match(cookie, /; httponly/i)
  for (const cookie of cookies) assert.match(cookie, /; samesite=lax/i)
})

test('rejects a flood of log-ins from one address', async () => {
  const program = await world.newProgram()
  const path = program.authorizationUrl(world.server.origin).slice(world.server.origin.length)
  const statuses = new Map<number, number>()
  for (let count = 0; count < 70; count += 1) {
    const { status } = await ask(path)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  assert.deepEqual(
    [...statuses],
    [
      [303, 60],
      [429, 10],
    ],
  )
  assert.equal((await ask('/oidc/jwks')).status, 200)
})
