import type { Fact, FactCode } from './fact.ts'

/** The fact in words. @param calls of the session so far */
export const factText = (fact: Fact, calls: number): string => {
  const ago = calls - 1 - fact.call
  // What earlier sessions left says itself how long ago that was, and is no call of this one.
  const when = ago > 0 && fact.code !== 'earlier-sessions' ? ` (${plural(ago, 'call')} ago)` : ''
  return texts[fact.code](fact) + when
}

const texts: Readonly<Record<FactCode, (fact: Fact) => string>> = {
  'tool-unknown': ({ tool }) => `first time this agent calls ${tool}`,
  'tool-unknown-to-agent': ({ tool }) => `first time this agent calls ${tool}; others in its role have`,
  'tool-unknown-to-role': ({ tool }) => `first time this agent calls ${tool}; nobody else in its role has`,
  'tool-unknown-to-all': ({ tool }) => `first time this agent calls ${tool}; nobody else has either`,
  'tool-unusual-here': ({ tool, name }) =>
    name === '' ? `this agent rarely calls ${tool}` : `this agent rarely calls ${tool} after ${name}`,
  'resource-new-to-agent': fact => `first time this agent ${useOf(fact)}`,
  'resource-new-to-role': fact => `first time this agent ${useOf(fact)}; nobody else in its role has`,
  'rate-high': ({ count, usual }) =>
    `${plural(count, 'call')} in about a minute where ${usual === 0 ? 'less than one is' : `${usual} ${usual === 1 ? 'is' : 'are'}`} usual`,
  'target-from-result': ({ tool, kind, name, count }) =>
    `the ${words[kind]} that ${tool} acts on came from the result of ${originOf(name, count)}`,
  'foreign-target-from-result': ({ tool, kind, name, count }) =>
    `first time anyone meets the ${words[kind]} that ${tool} acts on; it came from the result of ${originOf(name, count)}`,
  'argument-from-result': ({ tool, kind, name, count }) =>
    `${articleOf(kind)} ${words[kind]} in the arguments of ${tool} came from the result of ${originOf(name, count)}`,
  'origin-unknown': ({ tool }) =>
    `what ${tool} acts on may have come from an earlier result: too many values to tell`,
  'call-failed': ({ tool, count, usual }) => `${tool} failed: ${count} of ${plural(usual, 'outcome')} so far`,
  'call-denied': ({ tool, count, usual }) =>
    `${tool} was refused: ${count} of ${plural(usual, 'outcome')} so far`,
  'argument-new': ({ tool, name, count }) =>
    `first time this agent gives ${tool} this ${name}, for which ${plural(count, 'value')} ${count === 1 ? 'is' : 'are'} known`,
  'arguments-new-form': ({ tool }) => `first time this agent gives ${tool} arguments of this form`,
  'volume-high': ({ tool, count, usual }) =>
    `the result of ${tool} has ${plural(count, 'byte')}; ${plural(usual, 'result')} in a thousand ${usual === 1 ? 'is' : 'are'} as large`,
  'earlier-sessions': ({ count }) =>
    `earlier sessions of this agent for the same human were stopped, asked for approval or came close to it, the latest ${agoOf(count)}`,
  'calls-unreported': ({ count, usual }) =>
    `${plural(count, 'call')} that the agent signed ${count === 1 ? 'was' : 'were'} reported by no engine, the first with number ${usual}`,
  'proof-replayed': ({ tool }) =>
    `the proof of a call of ${tool} came a second time: somebody has what the agent sent`,
  'argument-from-text': ({ tool, name }) =>
    `the ${name} that ${tool} is given stands in a text that an earlier call returned`,
  'definition-changed': ({ tool }) =>
    `the definition of ${tool} changed since this session was first shown it`,
  'definition-unpinned': ({ tool }) => `the definition of ${tool} is not the one that the catalogue pins`,
  'sequence-reused': ({ tool, usual }) =>
    `sequence number ${usual} used twice, the second time by ${tool}: the answer to the first call was lost, or a proxy said of a call on record that nobody counted it`,
  'record-undecodable': () => 'a record of this session could not be read',
}

const words: Readonly<Record<Fact['kind'], string>> = {
  other: 'value',
  table: 'table',
  path: 'path',
  host: 'host',
  recipient: 'recipient',
  account: 'account',
  email: 'e-mail address',
  url: 'URL',
  identifier: 'identifier',
}

const articleOf = (kind: Fact['kind']): string =>
  kind === 'account' || kind === 'email' || kind === 'identifier' ? 'an' : 'a'

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const agoOf = (minutes: number): string =>
  minutes === 0
    ? 'just now'
    : minutes < 120
      ? `${plural(minutes, 'minute')} ago`
      : `${plural(Math.round(minutes / 60), 'hour')} ago`

const originOf = (tool: string, calls: number): string =>
  `${tool === '' ? 'an earlier call' : tool}${calls > 0 ? ` ${plural(calls, 'call')} earlier` : ''}`

// `count` says whether the tool only reads; recipients, accounts and the rest have no name that may be shown.
const useOf = ({ kind, name, count, tool }: Fact): string => {
  const what = name === '' ? `this ${kind === 'other' ? 'resource' : words[kind]}` : `${words[kind]} ${name}`
  if (kind === 'host' || kind === 'recipient' || kind === 'account') return `reaches ${what} (${tool})`
  return `${count === 1 ? 'reads' : 'writes'} ${what} (${tool})`
}
