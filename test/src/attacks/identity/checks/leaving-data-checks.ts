import type { AttackedCheck } from '../../prove/prove-checks.ts'
import { attacksIn } from './against.ts'

const admitDataFile = 'services/engine/src/core/checks/admit-data.ts'
const limitMessagesFile = 'services/engine/src/core/checks/limit-messages.ts'
const guardedCallFile = 'services/proxy/src/core/guarded-call.ts'
const writtenCallFile = 'services/engine/src/core/written-call.ts'
const admitCallerFile = 'services/proxy/src/endpoint/admit-caller.ts'

const inLeavingData = attacksIn('leaving-data.test.ts')
const smallOrLarge = 'return isLarge(facts) ? admitLarge(facts, ports) : limitMessages.run(facts, ports)'

/** Of what a session tells tool servers beside the arguments of its calls. */
export const leavingDataChecks: readonly AttackedCheck[] = [
  inLeavingData(
    'rejects data that leaves a session that may only read, as completions',
    'standing of what carries data',
    admitDataFile,
    'if (carrying.has(facts.method)) return runAsData(dataChecks, facts, ports)',
  ),
  inLeavingData(
    'rejects floods of data that leave as completions, by their size',
    'rate of what carries data',
    admitDataFile,
    '[limitRate, applyStanding, checkFreshness]',
    '[applyStanding, checkFreshness]',
  ),
  inLeavingData(
    'rejects data that leaves a session that may only read, as a cursor',
    'large messages carry data: requests',
    admitDataFile,
    smallOrLarge,
    'return limitMessages.run(facts, ports)',
  ),
  inLeavingData(
    'rejects data that leaves a session that may only read, as what it wants to hear of',
    'large messages carry data: subscriptions',
    admitDataFile,
    smallOrLarge,
    'return limitMessages.run(facts, ports)',
  ),
  inLeavingData(
    'rejects data that leaves a session that may only read, as what a client says of itself',
    'a message is as large as all of it',
    admitCallerFile,
    'Buffer.byteLength(sent)',
    'JSON.stringify(JSON.parse(sent).params.cursor ?? "").length',
  ),
  inLeavingData(
    'of data in what a client says of itself before its first call nothing leaves',
    'what is not counted does not go on',
    'services/proxy/src/endpoint/sessionful/open-session.ts',
    'session.upstream.request(exchange, text,',
    'session.upstream.request(exchange, saidText,',
  ),
  inLeavingData(
    'rejects data that leaves a session that may only read, as what a client says that it can',
    'an initialize is as large as all that goes on of it',
    'services/proxy/src/core/brief-initialize.ts',
    '{ ...params, clientInfo',
    '{ clientInfo',
  ),
  inLeavingData(
    'rejects data that leaves a session that may only read, in the headers of a list',
    'a message is as large as its headers and it',
    admitCallerFile,
    'headerBytes + (sent',
    '(sent',
  ),
  inLeavingData(
    'rejects data that leaves a session that may only read, in the headers of a read',
    'headers of a call may carry data',
    guardedCallFile,
    'headerBytes + bytesOf(meta)',
    'bytesOf(meta)',
  ),
  inLeavingData(
    'rejects data that leaves a session that may only read, in the names of headers',
    'names of headers count',
    'services/proxy/src/core/header-bytes.ts',
    'name.length + ',
  ),
  inLeavingData(
    'rejects data that leaves a session that may only read, as what a client says of itself within a read',
    '_meta of a call may carry data',
    guardedCallFile,
    ' + bytesOf(meta)',
  ),
  inLeavingData(
    'rejects floods of data that leave in many small messages, by their size',
    'rate of small messages',
    admitDataFile,
    smallOrLarge,
    'return isLarge(facts) ? admitLarge(facts, ports) : { adds: {} }',
  ),
  inLeavingData(
    'rejects floods of data that leave in many small messages, by their size',
    'size of small messages',
    limitMessagesFile,
    '1 + Math.floor((call.bytes ?? 0) / bytesOfOneMessage)',
    '1',
  ),
  inLeavingData(
    'rejects data that leaves a session that may only read, as answers within a read',
    'standing of answers within a call',
    'services/engine/src/core/checks/admit-answers.ts',
    'facts.call.hasAnswers === true',
    'facts.call.hasAnswers === undefined',
  ),
  inLeavingData(
    'rejects floods of data that leave as answers within calls, by their size',
    'rate of answers within a call',
    writtenCallFile,
    'bytes: bytes + (answerBytes ?? 0)',
    'bytes',
  ),
  attacksIn('lying-proxy.test.ts')(
    'a lying proxy sends no answers within a read for a session that may only read, whatever it says that they are',
    'what a call says beside its arguments is taken for answers',
    writtenCallFile,
    'task === undefined || ',
    'task !== undefined && ',
  ),
  attacksIn('lying-proxy.test.ts')(
    'a lying proxy sends no answers within a read for a session that may only read, whatever it says that they are',
    'what is no answer has the digest that was proved',
    writtenCallFile,
    ' || digestOf({ task }) !== restDigest',
  ),
]
