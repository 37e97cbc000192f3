import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

import { companyBundleFile } from '@cordon/demo'
import type { StackOptions, Workplace } from '@cordon/infra'
import { emptyBaselines, encodeBaselines } from '@cordon/risk'

import { testIdentity } from '../support/test-identity.ts'

const everything = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/server-everything/package.json',
)

/** A whole stack with one tool server, on the broker and the registry of this test run, under a prefix of its own. */
export const wholeStack = async ({ folder }: Workplace): Promise<StackOptions> => {
  const baselinesFile = join(folder, 'baselines.json')
  await writeFile(baselinesFile, encodeBaselines(emptyBaselines))
  const bundle = JSON.parse(await readFile(companyBundleFile, 'utf8')) as object
  const bundleFile = join(folder, 'bundle.json')
  await writeFile(bundleFile, JSON.stringify({ ...bundle, identity: testIdentity(['files']) }))
  const toolServers = {
    files: {
      transport: 'stdio',
      command: process.execPath,
      args: [join(everything, '..', 'dist', 'index.js')],
    },
  }
  return {
    partitions: 2,
    topicPrefix: `stack-${randomBytes(6).toString('hex')}-`,
    tools: { bundleFile, baselinesFile, toolServers },
  }
}
