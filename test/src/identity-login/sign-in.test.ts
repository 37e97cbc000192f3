import assert from 'node:assert/strict'
import { test } from 'node:test'

import { alice, bob } from './login-server.ts'
import { useLoginWorld } from './login-world.ts'
import { claimsOf, redeem } from './token-request.ts'

const world = useLoginWorld()

test('a human signs in by browser with PKCE, sees who asks for what, and the program gets an ID token', async () => {
  const { server } = world
  const program = await world.newProgram()
  const page = await world.newPage()
  const problems: string[] = []
  page.on('console', message => problems.push(message.text()))
  await page.goto(program.authorizationUrl(server.origin, { nonce: 'n-1' }))
  await world.signIn(page, 'alice', alice.password)
  const consent = await page.innerText('main')
  for (const shown of [
    'Alice Example',
    'desk-research',
    'files/read_file',
    'postgres/query',
    'this computer',
  ])
    assert.ok(consent.includes(shown), shown)
  await page.click('button[value=allow]')
  await page.waitForURL(/\/callback\?/)
  assert.deepEqual(problems, [])

  const [answer] = program.answers
  assert.equal(answer?.searchParams.get('state'), program.state)
  // RFC 9207: which provider answered.
  assert.equal(answer?.searchParams.get('iss'), `${server.origin}/oidc`)
  const tokens = await redeem(server.origin, program, answer?.searchParams.get('code') ?? '')
  assert.equal(tokens.status, 200)
  assert.equal(tokens.body['refresh_token'], undefined)
  const { name, email, groups, nonce, amr } = claimsOf(tokens)
  assert.deepEqual([name, email, groups, nonce, amr], [alice.name, alice.email, alice.groups, 'n-1', ['pwd']])
  const verified = await server.verifier.verify(String(tokens.body['id_token']), server.providers)
  assert.ok(verified.ok)
  const { authenticatedAt, humanSession, ...human } = verified.human
  assert.deepEqual(human, {
    issuer: `${server.origin}/oidc`,
    human: 'alice',
    role: 'analyst',
    // What she may use, and said yes to.
    tools: ['files/read_file', 'postgres/query'],
    agent: 'desk-research',
    clearance: 1,
    acr: '0',
  })
  assert.ok(humanSession !== undefined && authenticatedAt <= Date.now())
  assert.equal(await server.provider.isSignedIn('alice', humanSession), true)
  assert.equal(await server.provider.isSignedIn('bob', humanSession), false)
})

test('who is signed in is asked again for consent, and not for the password', async () => {
  const page = await world.newPage()
  const program = await world.newProgram()
  await world.getCode(page, program)
  await page.goto(program.authorizationUrl(world.server.origin, { cordon_agent: 'another-agent' }))
  assert.match(await page.title(), /Allow access/)
  assert.ok((await page.innerText('main')).includes('another-agent'))
  await page.click('button[value=deny]')
  await page.waitForURL(/error=access_denied/)
  assert.equal(program.answers.at(-1)?.searchParams.get('code'), null)
})

test('the public key set has no private key in it', async () => {
  const text = await (await fetch(`${world.server.origin}/oidc/jwks`)).text()
  const { keys } = JSON.parse(text) as { readonly keys: readonly object[] }
  assert.ok(keys.every(key => !('d' in key)))
  assert.deepEqual(Object.keys(keys[0] ?? {}).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
})

test('a human whose name is a script is shown as text, and nothing runs', async () => {
  const page = await world.newPage()
  let dialogs = 0
  page.on('dialog', async dialog => {
    dialogs += 1
    await dialog.dismiss()
  })
  const program = await world.newProgram()
  await page.goto(
    program.authorizationUrl(world.server.origin, { cordon_agent: '"><img src=x onerror=alert(1)>' }),
  )
  await world.signIn(page, bob.email, bob.password)
  assert.ok((await page.innerText('main')).includes('Bob <script>alert(1)</script>'))
  assert.ok((await page.innerText('main')).includes('"><img src=x onerror=alert(1)>'))
  assert.equal(await page.locator('main img, main script').count(), 0)
  assert.equal(dialogs, 0)
})

test('pages work without scripts and from the keyboard, with names on every field', async () => {
  const page = await world.newPage()
  const program = await world.newProgram()
  await page.goto(program.authorizationUrl(world.server.origin))
  assert.equal(await page.locator('script').count(), 0)
  assert.equal(await page.getAttribute('html', 'lang'), 'en')
  await page.getByLabel('User name or e-mail').fill('alice')
  await page.getByLabel('Password').fill(alice.password)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Allow' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/callback\?/)
})

test('rejects a code that is used twice, and takes back what the first use gave', async () => {
  const program = await world.newProgram()
  const code = await world.getCode(await world.newPage(), program)
  assert.equal((await redeem(world.server.origin, program, code)).status, 200)
  const again = await redeem(world.server.origin, program, code)
  assert.deepEqual([again.status, again.body['error']], [400, 'invalid_grant'])
})

test('rejects a code that is redeemed twice at the same time', async () => {
  const program = await world.newProgram()
  const code = await world.getCode(await world.newPage(), program)
  const both = await Promise.all([1, 2, 3, 4].map(async () => redeem(world.server.origin, program, code)))
  assert.ok(both.filter(({ status }) => status === 200).length <= 1)
})

test('rejects a stolen code: without the verifier, with another one, for another return address', async () => {
  const { origin } = world.server
  const program = await world.newProgram()
  const page = await world.newPage()
  for (const change of [
    { code_verifier: '' },
    { code_verifier: 'another-verifier-that-is-long-enough-to-be-one-0' },
    { redirect_uri: 'http://127.0.0.1:1/callback' },
    { client_id: 'another-client' },
  ]) {
    const answer = await redeem(origin, program, await world.getCode(page, program), change)
    assert.ok(answer.status === 400 || answer.status === 401, JSON.stringify(change))
    assert.equal(answer.body['id_token'], undefined)
  }
})

test('rejects a PKCE downgrade: no challenge, the plain method, a challenge without a method', async () => {
  for (const change of [
    { code_challenge: undefined, code_challenge_method: undefined },
    { code_challenge_method: 'plain' },
    { code_challenge_method: undefined },
  ]) {
    const program = await world.newProgram()
    const page = await world.newPage()
    await page.goto(program.authorizationUrl(world.server.origin, change))
    assert.equal(program.answers.at(-1)?.searchParams.get('error'), 'invalid_request', JSON.stringify(change))
  }
})

test('rejects flows that put tokens or codes into pages and fragments', async () => {
  const program = await world.newProgram()
  const page = await world.newPage()
  for (const response_mode of ['fragment', 'form_post', 'web_message']) {
    await page.goto(program.authorizationUrl(world.server.origin, { response_mode }))
    assert.match(page.url(), /\/oidc\/auth\?/)
  }
  for (const response_type of ['id_token', 'token', 'code id_token']) {
    await page.goto(program.authorizationUrl(world.server.origin, { response_type, nonce: 'n' }))
    assert.equal(program.answers.at(-1)?.searchParams.get('code') ?? null, null)
    assert.doesNotMatch(page.url(), /id_token=|access_token=/)
  }
})

test('no refresh token, whatever is asked for', async () => {
  const program = await world.newProgram()
  const page = await world.newPage()
  await page.goto(
    program.authorizationUrl(world.server.origin, { scope: 'openid offline_access', prompt: 'consent' }),
  )
  if (program.answers.length === 0) {
    await world.signIn(page, 'alice', alice.password)
    await page.click('button[value=allow]')
    await page.waitForURL(/\/callback\?/)
  }
  const code = program.answers.at(-1)?.searchParams.get('code')
  const tokens = await redeem(world.server.origin, program, code ?? '')
  assert.equal(tokens.status, 200)
  assert.equal(tokens.body['refresh_token'], undefined)
  assert.equal(claimsOf(tokens)['sub'], 'alice')
})

test('keys rotate without a gap: old ID tokens and cookies go on, new ones have the new key', async () => {
  const { server } = world
  const dayMs = 24 * 60 * 60_000
  const keyIdOf = (token: unknown): unknown =>
    (JSON.parse(Buffer.from(String(token).split('.')[0] ?? '', 'base64url').toString()) as { kid: string })
      .kid
  const published = async (): Promise<readonly string[]> => {
    const { keys } = (await (await fetch(`${server.origin}/oidc/jwks`)).json()) as { keys: { kid: string }[] }
    return keys.map(({ kid }) => kid)
  }
  const page = await world.newPage()
  const program = await world.newProgram()
  const before = await redeem(server.origin, program, await world.getCode(page, program))
  const [first] = await published()
  server.advance(30 * dayMs)
  await server.provider.refreshKeys()
  const [still, next] = await published()
  assert.equal(still, first)
  server.advance(dayMs)
  await server.provider.refreshKeys()
  assert.deepEqual(await published(), [next, first])
  // The browser is still signed in: consent is all that is asked for.
  await page.goto(program.authorizationUrl(server.origin))
  assert.match(await page.title(), /Allow access/)
  await page.click('button[value=allow]')
  await page.waitForURL(/\/callback\?/)
  const after = await redeem(server.origin, program, program.answers.at(-1)?.searchParams.get('code') ?? '')
  assert.deepEqual([keyIdOf(before.body['id_token']), keyIdOf(after.body['id_token'])], [first, next])
})
