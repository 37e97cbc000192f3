import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import {
  foundCompany,
  makeWorld,
  openAgentPlatform,
  openGuardedTools,
  type AgentPlatform,
  type World,
} from '@cordon/demo'
import { declaredIntent, fingerprint, openFingerprintKey, scatteredRequestWording } from '@cordon/extraction'
import { seededRandom } from '@cordon/foundation'
import { fingerprintKeyFile, openWorkplace, startStack, type Workplace } from '@cordon/infra'
import type { SessionOpened } from '@cordon/schemas'
import { openSerde } from '@cordon/serde'
import { openKafkaClient } from '@cordon/stream'

import { eventually } from '../support/eventually.ts'

// One stack; two sessions that read the same ticket and do the same thing after it. Their humans asked for different things.

interface Scene {
  readonly workplace: Workplace
  readonly world: World
  readonly platform: AgentPlatform
  readonly close: () => Promise<void>
  /** As Kafka has it. */
  readonly opening: (sessionId: string) => Promise<SessionOpened>
}

const agent = { agentId: 'support-assistant', human: 'alice', tools: ['files/*', 'database/*'] }

const openScene = async (): Promise<Scene> => {
  const workplace = await openWorkplace({ environment: process.env, onProgress: () => undefined })
  try {
    const random = seededRandom(5)
    const world = makeWorld(random)
    const company = await foundCompany(workplace, { world, random, pauseMs: 100 })
    // The demo's, but for the limits of time: this is about what is judged, and not about how fast a busy machine is.
    const bundle = JSON.parse(await readFile(company.bundleFile, 'utf8')) as object
    const failSafe = { staleAfterMs: 30_000, gateTimeoutMs: 10_000, recordTimeoutMs: 10_000 }
    const bundleFile = join(workplace.folder, 'patient.json')
    await writeFile(bundleFile, JSON.stringify({ ...bundle, failSafe }))
    const stack = await startStack(workplace, {
      partitions: 1,
      topicPrefix: 'intent-',
      tools: { ...company, bundleFile },
    })
    const { settings } = stack.broker
    const { topicPrefix } = settings
    const codec = await openSerde({ registry: stack.registry.settings, topicPrefix, register: false })
    const client = openKafkaClient(settings, { log: quiet })
    const openings = new Map<string, SessionOpened>()
    await client.openFollower({
      topic: 'session-events',
      from: await client.admin.endOffsets('session-events'),
      maxWaitMs: 100,
      onRecords: (_partition, records) => {
        for (const { value } of records) {
          const record = codec.decode(value ?? Buffer.alloc(0))
          if (record.name === 'SessionOpened') openings.set(record.value.sessionId, record.value)
        }
        return Promise.resolve()
      },
    })
    return {
      workplace,
      world,
      platform: openAgentPlatform(stack),
      close: async () => {
        await client.close()
        await workplace.close()
      },
      opening: async sessionId => {
        await eventually('the opening is on record', () => openings.has(sessionId))
        return openings.get(sessionId)!
      },
    }
  } catch (error) {
    await workplace.close()
    throw error
  }
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

let scene: Scene
before(async () => {
  scene = await openScene()
})
after(() => scene?.close())

/** Reads the ticket that says where to save something, and saves it there. */
const saveAsTold = async ({ platform, world, opening }: Scene, request: string) => {
  const { poisonedTicket, ticketFolder } = world
  const session = await platform.open(agent, request)
  const tools = await openGuardedTools(session, ['files'])
  await tools.call('files', 'list_directory', { path: ticketFolder })
  await tools.call('files', 'read_text_file', { path: join(ticketFolder, `${poisonedTicket.number}.md`) })
  const { path } = poisonedTicket.injection
  const { refusal } = await tools.call('files', 'write_file', { path, content: 'as told' })
  await tools.close()
  await session.end()
  return { refusal, opened: await opening(session.sessionId) }
}

test('a path that the human named is theirs, though it comes up in a ticket, too', async () => {
  const { world, workplace } = scene
  const words = `Answer the tickets in ${world.ticketFolder}/, and leave a note at ${world.poisonedTicket.injection.path}.`
  const { refusal, opened } = await saveAsTold(scene, words)
  assert.equal(refusal, undefined)
  // What `cordon score --intent` makes of the same words, under the key of this stack.
  const key = await openFingerprintKey(fingerprintKeyFile(workplace))
  assert.deepEqual(
    opened.intent,
    declaredIntent(words, (kind, value) => fingerprint(key, kind, value)),
  )
  assert.ok((opened.intent?.length ?? 0) > 0)
  assert.deepEqual(opened.intentWording, scatteredRequestWording(key)(words))
})

test('a path that only the ticket names is foreign, whatever else the human asked for', async () => {
  const { refusal } = await saveAsTold(scene, `Answer the tickets in ${scene.world.ticketFolder}/.`)
  assert.match(refusal ?? '', /GATE_REFUSED/)
})
