import assert from 'node:assert/strict'
import { after, before, beforeEach } from 'node:test'

import type { Browser, BrowserContext, Page } from 'playwright-core'

import { openBrowser } from './browser.ts'
import { alice, type LoginServer, openLoginServer } from './login-server.ts'
import { type NativeProgram, openNativeProgram } from './native-program.ts'

/** A provider, a browser and a program that wants somebody signed in. */
export interface LoginWorld {
  readonly server: LoginServer
  /** A browser profile of its own, closed with the test file. */
  newProfile(): Promise<BrowserContext>
  /** A page in a profile of its own. */
  newPage(): Promise<Page>
  newProgram(): Promise<NativeProgram>
  /** Fills the log-in page in and sends it. */
  signIn(page: Page, name: string, password: string): Promise<void>
  /** Signs in and says yes; the code that the program gets. */
  getCode(page: Page, program: NativeProgram): Promise<string>
}

/** Beyond this nothing comes any more, also where many share the machine. */
const patienceMs = 120_000

/** One for all tests of a file; each of them finds that nobody has tried anything yet. */
export const useLoginWorld = (): LoginWorld => {
  let server: LoginServer
  let browser: Browser
  const programs: NativeProgram[] = []
  before(async () => {
    server = await openLoginServer()
    browser = await openBrowser()
  })
  after(async () => {
    await browser.close()
    for (const program of programs) program.close()
    await server.close()
  })
  beforeEach(async () => server.forgetTries())

  const newProfile = async (): Promise<BrowserContext> => {
    const profile = await browser.newContext()
    profile.setDefaultTimeout(patienceMs)
    return profile
  }
  const signIn: LoginWorld['signIn'] = async (page, name, password) => {
    await page.fill('#name', name)
    await page.fill('#password', password)
    await page.click('button[value=sign-in]')
  }
  return {
    get server() {
      return server
    },
    newProfile,
    newPage: async () => (await newProfile()).newPage(),
    newProgram: async () => {
      const program = await openNativeProgram()
      programs.push(program)
      return program
    },
    signIn,
    getCode: async (page, program) => {
      await page.goto(program.authorizationUrl(server.origin))
      if ((await page.title()).startsWith('Sign in')) await signIn(page, alice.subject, alice.password)
      await page.click('button[value=allow]')
      await page.waitForURL(/\/callback\?/)
      const code = program.answers.at(-1)?.searchParams.get('code')
      assert.ok(typeof code === 'string')
      return code
    },
  }
}
