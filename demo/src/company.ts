import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { openFingerprintKey } from '@cordon/extraction'
import type { Random } from '@cordon/foundation'
import {
  findFreePort,
  fingerprintKeyFile,
  startPostgres,
  type StackTools,
  type Workplace,
} from '@cordon/infra'
import { loadBundleFile } from '@cordon/policy'
import { fixedBundle, learnBaselines } from '@cordon/replay'
import { encodeBaselines } from '@cordon/risk'

import { mailServerAt } from './mail/mail-server.ts'
import { writePasswordFile } from './password-file.ts'
import { agentCode, people } from './people.ts'
import { rehearse } from './rehearsal.ts'
import { openBareTools } from './session/mcp-tool-box.ts'
import { toolServers, type StdioServer } from './tool-servers.ts'
import { fillDatabase } from './world/database.ts'
import { writeScratchFolder } from './world/scratch-folder.ts'
import type { World } from './world/world.ts'

/** What the stack needs of the small company: its tools, and what is known of its agents. */
export interface Company extends StackTools {
  /** The scratch folder behind the tool server `files`. */
  readonly folder: string
  /** Where `startMailServer` is to listen, once the stack runs. */
  readonly mailPort: number
  readonly mailUrl: string
  /** The file of each scripted agent. */
  readonly agentCode: Readonly<Record<string, string>>
  /** One line for people: which database it is. */
  readonly database: string
  readonly rehearsedSessions: number
}

export interface CompanyOptions {
  readonly world: World
  readonly random: Random
  /** Longest pause between two calls of a session, in milliseconds. */
  readonly pauseMs: number
}

/** Catalogue, modes and thresholds of the company. */
export const companyBundleFile: string = fileURLToPath(new URL('../bundle.json', import.meta.url))

const rehearsedSessions = 40

/** Founds the company anew below the workplace's folder: files, database, and a rehearsal that its agents are compared with. */
export const foundCompany = async (workplace: Workplace, options: CompanyOptions): Promise<Company> => {
  const folder = join(workplace.folder, 'company')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeScratchFolder(folder, options.world)
  const postgres = await startPostgres(workplace)
  await fillDatabase(postgres.connectionString, options.world)
  const passwordFile = join(workplace.folder, 'pgpass')
  const databaseUrl = await writePasswordFile(passwordFile, postgres.connectionString)
  const servers = toolServers(folder, databaseUrl, passwordFile)
  const mailPort = await findFreePort()
  const mail = mailServerAt(mailPort)
  return {
    folder,
    mailPort,
    mailUrl: mail.url,
    agentCode,
    humans: people,
    toolServers: { ...servers, mail },
    bundleFile: companyBundleFile,
    baselinesFile: await writeBaselines(workplace, servers, options),
    database: postgres.description,
    rehearsedSessions,
  }
}

const writeBaselines = async (
  workplace: Workplace,
  servers: Readonly<Record<string, StdioServer>>,
  options: CompanyOptions,
): Promise<string> => {
  const tools = await openBareTools(servers)
  try {
    const sessions = await rehearse({ ...options, tools, sessions: rehearsedSessions })
    const keyFile = fingerprintKeyFile(workplace)
    await mkdir(join(keyFile, '..'), { recursive: true, mode: 0o700 })
    const bundle = await loadBundleFile(companyBundleFile)
    const baselines = await learnBaselines(sessions, {
      bundles: fixedBundle(bundle),
      fingerprintKey: await openFingerprintKey(keyFile),
    })
    const file = join(workplace.folder, 'baselines.json')
    await writeFile(file, encodeBaselines(baselines))
    return file
  } finally {
    await tools.close()
  }
}
