import { createHash } from 'node:crypto'
import { argv } from 'node:process'

import { BaselineBuilder } from '../src/baseline/baseline-builder.ts'
import { encodeBaselines, parseBaselines } from '../src/baseline/baseline-json.ts'
import { baselineLookup } from '../src/baseline/baseline-view.ts'
import { copySession } from '../src/session/copy-session.ts'
import { encodeSession } from '../src/session/encode-session.ts'
import { createKernel } from '../src/kernel.ts'
import { step } from './play.ts'
import type { Call } from './session-log.ts'
import { sessionLog, table } from './session-log.ts'

// Numerical Recipes' generator: the log must never depend on a library's.
const numbersFrom = (seed: number): ((below: number) => number) => {
  let state = seed
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 4294967296) * below)
  }
}

const tools = ['fs/read', 'fs/list', 'db/query', 'fs/write', 'mail/send', 'admin/drop']

const valueOf = (id: number) => ({ name: 'id', value: id, wording: [id, 100 + id] })

const makeCalls = (below: (limit: number) => number): Call[] =>
  Array.from({ length: 3 + below(30) }, (): Call => {
    const tool = below(10) === 0 ? below(tools.length) : below(4)
    return {
      tool: tools[tool]!,
      sensitivity: tool < 3 ? 1 : 2 + (tool % 2),
      readOnly: tool < 3,
      mode: tool === 4 ? 'gate' : 'enforce',
      resources: below(2) === 0 ? [table(`table-${below(6)}`)] : [],
      entities: below(2) === 0 ? [{ kind: 'path', fingerprint: below(30), target: below(2) === 0 }] : [],
      result: Array.from({ length: below(6) }, () => below(60)),
      parameters: below(2) === 0 ? [] : [valueOf(below(20))],
      text: below(3) === 0 ? [] : [1, 2].flatMap(() => valueOf(below(20)).wording),
      outcome: below(12) === 0 ? 'error' : 'ok',
      afterMs: below(8) === 0 ? 10 : below(40_000),
      lateMs: below(20) === 0 ? 9000 : 0,
      ...(below(25) === 0 ? { refused: 'TOOL_NOT_GRANTED' } : {}),
      ...(below(25) === 0 ? { invocationId: 'again' } : {}),
    }
  })

/**
 * SHA-256 of every assessment and every state of a fixed set of logs.
 * @param restoring stores and restores the session before each record, as a scorer that is killed again and again would
 */
export const goldenHash = (restoring: boolean): string => {
  const below = numbersFrom(42)
  const builder = new BaselineBuilder()
  for (let session = 0; session < 60; session += 1)
    builder.learn(sessionLog({ agentId: `agent-${session % 3}` }, makeCalls(below)))
  const baselines = encodeBaselines(builder.baselines())
  const kernel = createKernel({ baselineFor: baselineLookup(parseBaselines(baselines)) })
  const hash = createHash('sha256').update(baselines)
  for (let number = 0; number < 120; number += 1) {
    const [first, ...rest] = sessionLog(
      { agentId: `agent-${number % 5}`, session: `${number}` },
      makeCalls(below),
    )
    if (first?.name !== 'SessionOpened') throw new Error('golden hash: expected SessionOpened first')
    let session = kernel.open(first.value, first.at)
    for (const event of rest) {
      if (restoring) session = copySession(session)
      const assessment = step(kernel, session, event)
      hash.update(JSON.stringify(assessment)).update(JSON.stringify(assessment.contributions))
      hash.update(JSON.stringify(kernel.tick(session, event.at + 700_000 * (number % 2)) ?? null))
      hash.update(encodeSession(session))
    }
  }
  return hash.digest('hex')
}

if (argv[1] === import.meta.filename) process.stdout.write(goldenHash(argv[2] === 'restoring'))
