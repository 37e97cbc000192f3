import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

import type { StackOptions, Workplace } from '@cordon/infra'
import { emptyBaselines, encodeBaselines } from '@cordon/risk'

import { testIdentity } from '../support/test-identity.ts'

const filesystem = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/server-filesystem/package.json',
)

/** How long after the last beat an engine trusts what it holds; long enough for a busy test machine. */
const staleAfterMs = 3_000

/** One tool of each kind: a low read, what is sensitive, and what the scorer is asked about first. */
const bundle = {
  version: 1,
  catalogue: {
    'files/list_directory': { readOnly: true, sensitivity: 1, mode: 'enforce' },
    'files/write_file': { readOnly: false, sensitivity: 2, mode: 'enforce' },
    'files/create_directory': { readOnly: false, sensitivity: 2, mode: 'gate' },
  },
  roles: { support: { priorLogit: -6 } },
  // Nothing here is a question of risk, however often a test tries new paths while it waits.
  thresholds: { verify: 1e6, readOnly: 1e6, suspend: 1e6 },
  failSafe: { staleAfterMs, gateTimeoutMs: 1_000, recordTimeoutMs: 1_500 },
  identity: testIdentity(['files']),
}

/** A stack in front of the npm filesystem server, under a topic prefix of its own. */
export const guardedTools = async ({
  folder,
}: Workplace): Promise<{ readonly options: StackOptions; readonly work: string }> => {
  const work = join(folder, 'work')
  const bundleFile = join(folder, 'bundle.json')
  const baselinesFile = join(folder, 'baselines.json')
  await mkdir(join(work, 'empty'), { recursive: true })
  await writeFile(bundleFile, JSON.stringify(bundle))
  await writeFile(baselinesFile, encodeBaselines(emptyBaselines))
  const files = {
    transport: 'stdio',
    command: process.execPath,
    args: [join(filesystem, '..', 'dist', 'index.js'), work],
  }
  return {
    work,
    options: {
      partitions: 2,
      topicPrefix: `fail-safe-${randomBytes(6).toString('hex')}-`,
      tools: { bundleFile, baselinesFile, toolServers: { files } },
    },
  }
}
