import type { Stack } from '@cordon/infra'

import { groupsWithMeaning } from './agents-of-stack.ts'
import type { ConnectProfile } from './connect-profiles.ts'
import { unreachedServers, type UnreachedServer } from './unreached-servers.ts'

export interface ConnectLinesOptions {
  readonly stack: Pick<Stack, 'bundle' | 'identityUrl' | 'humans'>
  /** Names of the stack's tool servers. */
  readonly servers: readonly string[]
  /** First of the agent that is the default; none: the bundle has no agent. */
  readonly profiles: readonly ConnectProfile[]
}

/** A command that clients start, or a port that they call; either does the log-in, the exchange and the proofs. */
export const connectLines = ({ stack, profiles, servers }: ConnectLinesOptions): readonly string[] => {
  const [profile, ...others] = profiles
  if (profile === undefined)
    return [
      'Nobody can open a session: "identity" of the bundle names no agent. docs/own-tools.md says what belongs there.',
    ]
  const { agent, file } = profile
  const issuer = `${stack.identityUrl}/oidc`
  const unreached = unreachedServers(stack.bundle, { agent, issuer, servers })
  const reached = servers.filter(server => !unreached.some(each => each.server === server))
  return [
    ...unreached.map(each => unreachedLine(agent, each)),
    ...(reached.length === 0 ? [] : clientLines(agent, file, reached)),
    ...otherLines(others),
    ...humanLines(stack, issuer),
  ]
}

const unreachedLine = (agent: string, { server, places }: UnreachedServer): string =>
  `Warning: the agent ${agent} reaches nothing of the server ${server}: the bundle names no tool of it in ${places.join(', ')}.`

const clientLines = (agent: string, profileFile: string, servers: readonly string[]): readonly string[] => {
  const command = `npm run --silent cordon -- connect --profile '${profileFile}'`
  return [
    `Put your own MCP client behind Cordon, as the agent ${agent}. Either way it asks you to log in, once.`,
    'From the folder of this checkout:',
    '',
    '  # a client that starts its servers as commands: this rewrites its configuration, after it has shown how; --undo takes it back',
    `  ${command} --import <configuration>`,
    '',
    '  # or write the command there yourself, one for each server',
    ...servers.map(server => `  ${command} ${server}`),
    '',
    '  # a client that speaks streamable HTTP: http://127.0.0.1:7420/mcp/<server>',
    `  ${command} --listen 7420`,
  ]
}

const otherLines = (others: readonly ConnectProfile[]): readonly string[] =>
  others.length === 0
    ? []
    : [
        '',
        'A client that is another agent of the bundle names its profile there:',
        ...others.map(({ agent, file }) => `  ${agent}  --profile '${file}'`),
      ]

const humanLines = (
  { humans, bundle }: Pick<Stack, 'humans' | 'bundle'>,
  issuer: string,
): readonly string[] =>
  humans === undefined
    ? []
    : [
        '',
        `You log in as me; your password stands in ${humans.passwordsFile}. Somebody else:`,
        `  npm run --silent cordon -- human add <name> --file '${humans.humansFile}' --email <address> --group <group>`,
        `  (groups of this bundle: ${groupsWithMeaning(bundle.identity.providers[issuer]).join(', ')})`,
      ]
