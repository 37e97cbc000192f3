import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'

import { alice, bob } from './login-server.ts'
import { useLoginWorld } from './login-world.ts'
import { redeem } from './token-request.ts'

const world = useLoginWorld()

test('rejects a wrong password, an unknown name and an empty one in the same words', async () => {
  const program = await world.newProgram()
  const seen = new Set<string>()
  for (const [name, password] of [
    ['alice', 'wrong'],
    ['nobody', 'wrong'],
    ['nobody', alice.password],
    ['bob', alice.password],
  ] as const) {
    const page = await world.newPage()
    await page.goto(program.authorizationUrl(world.server.origin))
    const [response] = await Promise.all([
      page.waitForResponse(/interaction/),
      world.signIn(page, name, password),
    ])
    assert.equal(response.status(), 401)
    seen.add(await page.innerText('[role=alert]'))
  }
  assert.deepEqual([...seen], ['This user name and password do not belong together.'])
  assert.equal(program.answers.length, 0)
})

/**
 * @input passwords guessed one after the other
 * @behaviour after five the account waits, ever longer up to a quarter of an hour; so does a name that does not exist
 * @counter cordon_identity_human_attempts_refused_total
 */
test('rejects guessing: after five wrong passwords even the right one has to wait, whether the account exists or not', async () => {
  const program = await world.newProgram()
  const texts: string[] = []
  for (const name of ['alice', 'nobody-at-all']) {
    const page = await world.newPage()
    await page.goto(program.authorizationUrl(world.server.origin))
    for (let guess = 0; guess < 5; guess += 1) await world.signIn(page, name, `guess ${guess}`)
    const [response] = await Promise.all([
      page.waitForResponse(/interaction/),
      world.signIn(page, name, alice.password),
    ])
    assert.equal(response.status(), 429)
    assert.ok(Number(response.headers()['retry-after']) <= 30)
    texts.push((await page.innerText('[role=alert]')).replace(/\d+/, 'n'))
  }
  assert.deepEqual(texts, [
    'Too many tries. Try again in n seconds.',
    'Too many tries. Try again in n seconds.',
  ])
  const metrics = await world.server.telemetry.metrics()
  assert.match(metrics, /cordon_identity_human_attempts_refused_total\{kind="account"\} 2/)
})

test('rejects guessing by many names from one address', async () => {
  const program = await world.newProgram()
  const page = await world.newPage()
  await page.goto(program.authorizationUrl(world.server.origin))
  for (let guess = 0; guess < 20; guess += 1) await world.signIn(page, `name-${guess}`, 'password 123456')
  await world.signIn(page, 'bob', bob.password)
  assert.match(await page.innerText('[role=alert]'), /Too many tries/)
})

test('rejects a form that another origin posts (CSRF)', async t => {
  const program = await world.newProgram()
  const profile = await world.newProfile()
  const page = await profile.newPage()
  await page.goto(program.authorizationUrl(world.server.origin))
  await world.signIn(page, 'alice', alice.password)
  const consentUrl = page.url()
  const csrf = await page.getAttribute('input[name=csrf]', 'value')
  // A page of another port on this machine: the same site, so that the browser sends the cookies along. It even knows the token.
  const evil = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(`<form method="post" action="${consentUrl}"><input name="csrf" value="${csrf}">
      <input name="action" value="allow"></form><script>document.forms[0].submit()</script>`)
  })
  evil.listen(0, '127.0.0.1')
  await once(evil, 'listening')
  t.after(() => evil.close())
  const victim = await profile.newPage()
  const [response] = await Promise.all([
    victim.waitForResponse(consentUrl),
    victim.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`),
  ])
  assert.equal(response.status(), 403)
  assert.equal(program.answers.length, 0)
})

test('rejects a form with another token, with none, with one of another log-in', async () => {
  const program = await world.newProgram()
  const other = await world.newPage()
  await other.goto(program.authorizationUrl(world.server.origin))
  const foreign = await other.getAttribute('input[name=csrf]', 'value')
  for (const token of ['', 'x'.repeat(43), foreign ?? '']) {
    const page = await world.newPage()
    await page.goto(program.authorizationUrl(world.server.origin))
    await page
      .locator('input[name=csrf]')
      .evaluate((input, value) => input.setAttribute('value', value), token)
    const [response] = await Promise.all([
      page.waitForResponse(/interaction/),
      world.signIn(page, 'alice', alice.password),
    ])
    assert.equal(response.status(), 403)
  }
})

test('rejects a log-in page that is opened in another browser (interaction fixation)', async () => {
  const program = await world.newProgram()
  const attacker = await world.newPage()
  await attacker.goto(program.authorizationUrl(world.server.origin))
  const victim = await world.newPage()
  const response = await victim.goto(attacker.url())
  assert.equal(response?.status(), 400)
  assert.match(await victim.innerText('main'), /open for too long, or in another browser/)
})

test('rejects session fixation: a session id from before the log-in is worth nothing after it', async () => {
  const { origin } = world.server
  const attackers = await world.newProfile()
  // The attacker gets a session of the provider and plants it in the victim's browser.
  await (await attackers.newPage()).goto(`${origin}/oidc/device`)
  const planted = (await attackers.cookies()).filter(({ name }) => name.startsWith('cordon_session'))
  assert.equal(planted.length, 2)
  const victims = await world.newProfile()
  await victims.addCookies(planted)
  const page = await victims.newPage()
  await world.getCode(page, await world.newProgram())
  const after = (await victims.cookies()).find(({ name }) => name === 'cordon_session')
  assert.notEqual(after?.value, planted.find(({ name }) => name === 'cordon_session')?.value)
  const look = await attackers.newPage()
  await look.goto(`${origin}/oidc/logout`)
  assert.match(await look.innerText('main'), /Nobody is signed in/)
})

test('rejects a session cookie that nobody signed', async () => {
  const { origin } = world.server
  const profile = await world.newProfile()
  const page = await profile.newPage()
  await world.getCode(page, await world.newProgram())
  const cookies = (await profile.cookies()).filter(({ name }) => name.startsWith('cordon_session'))
  const thief = await world.newProfile()
  await thief.addCookies(
    cookies.map(cookie => (cookie.name.endsWith('.sig') ? { ...cookie, value: 'A'.repeat(27) } : cookie)),
  )
  const look = await thief.newPage()
  await look.goto(`${origin}/oidc/logout`)
  assert.match(await look.innerText('main'), /Nobody is signed in/)
})

test('rejects open-redirect tricks: nothing is ever sent to an address that is not a loopback callback', async () => {
  const page = await world.newPage()
  const left: string[] = []
  page.on('request', request => {
    if (!request.url().startsWith(world.server.origin)) left.push(request.url())
  })
  const program = await world.newProgram()
  const { port } = new URL(program.redirectUri)
  for (const redirect_uri of [
    'https://evil.example/callback',
    'http://evil.example/callback',
    'http://127.0.0.1.evil.example/callback',
    `http://127.0.0.1:${port}@evil.example/callback`,
    `http://evil.example@127.0.0.1:${port}/callback`,
    `http://127.0.0.1:${port}/callback/../steal`,
    `http://127.0.0.1:${port}/callback?next=https://evil.example`,
    `http://127.0.0.1:${port}/callback#x`,
    `http://127.0.0.1:${port}/other`,
    `https://127.0.0.1:${port}/callback`,
    `http://localhost:${port}/callback`,
    `http://127.1:${port}/callback`,
    `http://2130706433:${port}/callback`,
    '//evil.example/callback',
    'javascript:alert(1)',
    'cordon://callback',
    '',
  ]) {
    // With prompt=none an answer would be sent without any page.
    for (const change of [{ redirect_uri }, { redirect_uri, prompt: 'none' }]) {
      const url = program.authorizationUrl(world.server.origin, change)
      const response = await fetch(url, { redirect: 'manual' })
      assert.deepEqual([response.status, response.headers.get('location')], [400, null], redirect_uri)
    }
  }
  // What a browser makes of them is what counts.
  for (const redirect_uri of [`http://127.0.0.1:${port}@evil.example/callback`, '//evil.example/callback'])
    await page.goto(program.authorizationUrl(world.server.origin, { redirect_uri }))
  assert.deepEqual(left, [])
})

test('rejects two return addresses, and a request object that would bring another', async () => {
  const program = await world.newProgram()
  const page = await world.newPage()
  const twice = `${program.authorizationUrl(world.server.origin)}&redirect_uri=https://evil.example/`
  assert.equal((await page.goto(twice))?.status(), 400)
  assert.ok(page.url().startsWith(world.server.origin))
  for (const change of [{ request: 'e30.e30.' }, { request_uri: 'https://evil.example/request' }]) {
    await page.goto(program.authorizationUrl(world.server.origin, change))
    assert.equal(program.answers.at(-1)?.searchParams.get('code') ?? null, null)
    assert.doesNotMatch(page.url(), /interaction/)
  }
})

test('rejects another human on a browser where somebody is signed in', async () => {
  const program = await world.newProgram()
  const page = await world.newPage()
  await world.getCode(page, program)
  await page.goto(program.authorizationUrl(world.server.origin, { prompt: 'login' }))
  await world.signIn(page, 'bob', bob.password)
  assert.match(await page.innerText('main'), /Somebody else is signed in/)
})

test('rejects consent that skips the log-in', async () => {
  const program = await world.newProgram()
  const page = await world.newPage()
  await page.goto(program.authorizationUrl(world.server.origin))
  await page.locator('button[value=sign-in]').evaluate(button => button.setAttribute('value', 'allow'))
  await page.fill('#name', 'alice')
  await page.fill('#password', 'whatever it is')
  const [response] = await Promise.all([
    page.waitForResponse(/interaction/),
    page.click('button[value=allow]'),
  ])
  assert.equal(response.status(), 400)
  assert.equal(program.answers.length, 0)
})

test('rejects a code after the human logged out', async () => {
  const { origin } = world.server
  const program = await world.newProgram()
  const page = await world.newPage()
  const code = await world.getCode(page, program)
  await page.goto(`${origin}/oidc/logout`)
  await page.click('button[type=submit]')
  const answer = await redeem(origin, program, code)
  assert.deepEqual([answer.status, answer.body['error']], [400, 'invalid_grant'])
})
