import assert from 'node:assert/strict'
import { test } from 'node:test'

import { alice } from './login-server.ts'
import { useLoginWorld } from './login-world.ts'
import { claimsOf, postForm, type TokenAnswer } from './token-request.ts'

const world = useLoginWorld()

interface Device {
  readonly deviceCode: string
  readonly userCode: string
  readonly link: string
  poll(): Promise<TokenAnswer>
}

/** A program on a machine without a browser. */
const startDevice = async (change: Readonly<Record<string, string>> = {}): Promise<Device> => {
  const { origin } = world.server
  const { status, body } = await postForm(
    `${origin}/oidc/device/auth`,
    {
      client_id: 'cordon-connect',
      scope: 'openid',
      cordon_agent: 'night-batch',
      cordon_tools: 'postgres/query',
      ...change,
    },
    { 'user-agent': 'cordon-connect on build-7' },
  )
  assert.equal(status, 200)
  // RFC 8628 §3.2; five minutes.
  assert.equal(body['expires_in'], 300)
  assert.equal(body['verification_uri'], `${origin}/oidc/device`)
  const deviceCode = String(body['device_code'])
  return {
    deviceCode,
    userCode: String(body['user_code']),
    link: String(body['verification_uri_complete']),
    poll: async () =>
      postForm(`${origin}/oidc/token`, {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        client_id: 'cordon-connect',
        device_code: deviceCode,
      }),
  }
}

test('a human connects a device: types the code, sees who asks, signs in, says yes; then the device gets its ID token', async () => {
  const device = await startDevice()
  assert.match(device.userCode, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
  assert.equal((await device.poll()).body['error'], 'authorization_pending')
  const page = await world.newPage()
  await page.goto(`${world.server.origin}/oidc/device`)
  assert.match(await page.innerText('main'), /Did somebody send you this code\?/)
  await page.getByLabel('Code').fill(device.userCode.toLowerCase().replace('-', ' '))
  await page.getByRole('button', { name: 'Continue' }).click()
  const shown = await page.innerText('main')
  for (const part of [
    device.userCode,
    'Cordon Connect',
    'night-batch',
    'postgres/query',
    '127.0.0.1',
    'build-7',
  ])
    assert.ok(shown.includes(part), part)
  assert.match(shown, /only if you started this yourself/)
  await page.getByRole('button', { name: 'It is mine, go on' }).click()
  await world.signIn(page, 'alice', alice.password)
  assert.match(await page.innerText('main'), /on a device in your hands/)
  await page.getByRole('button', { name: 'Allow' }).click()
  assert.match(await page.innerText('main'), /Device connected/)

  const tokens = await device.poll()
  assert.equal(tokens.status, 200)
  const { sub, cordon_agent: agent, cordon_tools: tools, sid } = claimsOf(tokens)
  assert.deepEqual([sub, agent, tools], ['alice', 'night-batch', ['postgres/query']])
  assert.equal(await world.server.provider.isSignedIn('alice', String(sid)), true)
  // Once is enough for one device.
  assert.equal((await device.poll()).body['error'], 'invalid_grant')
})

test('a link that carries the code fills it in, and nothing happens until the human sends it', async () => {
  const device = await startDevice()
  const page = await world.newPage()
  await page.goto(device.link)
  assert.equal(await page.inputValue('#user_code'), device.userCode)
  assert.equal((await device.poll()).body['error'], 'authorization_pending')
})

test('who says that it is not their device ends it', async () => {
  const device = await startDevice()
  const page = await world.newPage()
  await page.goto(device.link)
  await page.click('button[type=submit]')
  await page.getByRole('button', { name: 'It is not' }).click()
  assert.match(await page.innerText('main'), /The device got nothing/)
  assert.equal((await device.poll()).body['error'], 'access_denied')
})

test('who denies consent ends it too', async () => {
  const device = await startDevice()
  const page = await world.newPage()
  await page.goto(device.link)
  await page.click('button[type=submit]')
  await page.click('button[name=confirm]')
  await world.signIn(page, 'alice', alice.password)
  await page.click('button[value=deny]')
  assert.match(await page.innerText('main'), /The device got nothing/)
  assert.equal((await device.poll()).body['error'], 'access_denied')
})

/**
 * @input device codes guessed on the page where humans type them
 * @behaviour after five wrong ones the address waits, ever longer up to an hour; codes live five minutes
 * @counter cordon_identity_human_attempts_refused_total
 */
test('rejects guessing of user codes: after five wrong ones even a right one has to wait', async () => {
  const device = await startDevice()
  const page = await world.newPage()
  await page.goto(`${world.server.origin}/oidc/device`)
  for (const guess of ['BBBB-BBBB', 'CCCC-CCCC', 'DDDD-DDDD', 'FFFF-FFFF', 'GGGG-GGGG']) {
    await page.fill('#user_code', guess)
    await page.click('button[type=submit]')
    assert.match(await page.innerText('[role=alert]'), /not valid, or no longer/)
  }
  await page.fill('#user_code', device.userCode)
  const [response] = await Promise.all([
    page.waitForResponse(/\/oidc\/device/),
    page.click('button[type=submit]'),
  ])
  assert.equal(response.status(), 429)
  assert.match(await page.innerText('main'), /Too many wrong codes/)
  const metrics = await world.server.telemetry.metrics()
  assert.match(metrics, /cordon_identity_human_attempts_refused_total\{kind="user-code"\} 1/)
  assert.match(metrics, /cordon_identity_device_codes_wrong_total 5/)
})

test('a right code costs no try', async () => {
  for (let count = 0; count < 6; count += 1) {
    const device = await startDevice()
    const page = await world.newPage()
    await page.goto(device.link)
    await page.click('button[type=submit]')
    assert.match(await page.innerText('main'), /Is this your device/)
  }
})

test('rejects a code that was used, in the same words as one that never was', async () => {
  const device = await startDevice()
  const page = await world.newPage()
  await page.goto(device.link)
  await page.click('button[type=submit]')
  await page.click('button[name=abort]')
  const texts = new Set<string>()
  for (const code of [device.userCode, 'BBBB-BBBB']) {
    await page.goto(`${world.server.origin}/oidc/device`)
    await page.fill('#user_code', code)
    await page.click('button[type=submit]')
    texts.add(await page.innerText('[role=alert]'))
  }
  assert.equal(texts.size, 1)
})

test('rejects a device form that another origin posts, and one with another token', async () => {
  const device = await startDevice()
  const fields = new URLSearchParams({ user_code: device.userCode, confirm: 'yes', xsrf: 'x' })
  for (const [headers, status] of [
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ origin: world.server.origin }, 400],
  ] as const) {
    const response = await fetch(`${world.server.origin}/oidc/device`, {
      method: 'POST',
      body: fields,
      headers,
    })
    assert.equal(response.status, status, JSON.stringify(headers))
  }
  assert.equal((await device.poll()).body['error'], 'authorization_pending')
})

test('rejects another client, a device code that nobody was given, and parameters that are none', async () => {
  const { origin } = world.server
  const device = await startDevice()
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
  const asOther = await postForm(`${origin}/oidc/token`, {
    grant_type,
    client_id: 'other',
    device_code: device.deviceCode,
  })
  assert.equal(asOther.body['error'], 'invalid_client')
  const guessed = await postForm(`${origin}/oidc/token`, {
    grant_type,
    client_id: 'cordon-connect',
    device_code: 'A'.repeat(43),
  })
  assert.equal(guessed.body['error'], 'invalid_grant')
  for (const change of [
    { cordon_tools: 'not a tool' },
    { cordon_agent: 'a\nb' },
    { cordon_tools: 'x/y '.repeat(4000) },
  ]) {
    const refused = await postForm(`${origin}/oidc/device/auth`, { client_id: 'cordon-connect', ...change })
    assert.ok(refused.status === 400 || refused.status === 413)
  }
})
