import type { AttackedCheck } from '../../prove/prove-checks.ts'
import { attacksIn } from './against.ts'

const downstreamVerifierFile = 'packages/tokens/src/downstream/downstream-verifier.ts'
const spentTokensFile = 'packages/tokens/src/receiver/spent-tokens.ts'
const strictJsonFile = 'packages/tokens/src/strict-json.ts'
const keySourceFile = 'packages/tokens/src/receiver/key-source.ts'
const receiverFile = 'packages/tokens/src/receiver/receiver.ts'
const statusListTokenFile = 'packages/tokens/src/status/status-list-token.ts'
const statusReaderFile = 'packages/tokens/src/receiver/status-reader.ts'

const inDownstreamTokens = attacksIn('downstream-tokens.test.ts')
const inStatusLists = attacksIn('status-lists.test.ts')

/** Of downstream tokens and status lists, at the tool server. */
export const downstreamChecks: readonly AttackedCheck[] = [
  inDownstreamTokens(
    'rejects a downstream token at another server',
    'audience of a downstream token',
    downstreamVerifierFile,
    "if (claims.aud !== audience) return 'AUDIENCE_REFUSED'",
  ),
  inDownstreamTokens(
    'rejects a downstream token that is used twice',
    'one use of a downstream token',
    spentTokensFile,
    'spent.has(id) || ',
  ),
  inDownstreamTokens(
    'rejects a used downstream token after the tool server was restarted',
    'what was issued before the start',
    receiverFile,
    "if (caller.issuedAt < startedAt) return refused('ISSUED_BEFORE_START')",
  ),
  inDownstreamTokens(
    'rejects a used downstream token after the clock was set back',
    'what is forgotten stays expired',
    spentTokensFile,
    ' || expiresAt <= forgottenUntil',
  ),
  inDownstreamTokens(
    'rejects a downstream token with other arguments',
    'arguments of a downstream token',
    downstreamVerifierFile,
    "if (mcp.args_s256 !== digestOf(request.arguments ?? {})) return 'ARGUMENTS_REFUSED'",
  ),
  inDownstreamTokens(
    'rejects inputResponses, requestState and a task that the call’s own token does not name',
    'what a call says beside its arguments, in a downstream token',
    downstreamVerifierFile,
    "if (mcp.rest_s256 !== digestOf(request.rest)) return 'REST_REFUSED'",
  ),
  inDownstreamTokens(
    'rejects another answer, and an answer to another question, with the token of one',
    'content of an answer in a downstream token',
    downstreamVerifierFile,
    "return mcp.content_s256 === digestOf(request.content) ? undefined : 'CONTENT_REFUSED'",
    'return digestOf(request.content) ? undefined : undefined',
  ),
  inDownstreamTokens(
    'rejects another resource with the token of a subscription',
    'content of a message in a downstream token',
    downstreamVerifierFile,
    "return mcp.content_s256 === digestOf(request.content) ? undefined : 'CONTENT_REFUSED'",
    'return digestOf(request.content) ? undefined : undefined',
  ),
  inDownstreamTokens(
    'rejects a downstream token with another tool',
    'tool of a downstream token',
    downstreamVerifierFile,
    "if (mcp.tool !== request.tool) return 'TOOL_REFUSED'",
  ),
  inDownstreamTokens(
    'rejects a downstream token for another method',
    'method of a downstream token',
    downstreamVerifierFile,
    "if (mcp.method !== request.method) return 'METHOD_REFUSED'",
  ),
  inDownstreamTokens(
    'rejects a body that says twice what is called',
    'members once each, at the tool server',
    strictJsonFile,
    'return hasRepeatedName(text) ? undefined : (value as Record<string, unknown>)',
    'return value as Record<string, unknown>',
  ),
  inDownstreamTokens(
    'rejects an expired downstream token',
    'end of a downstream token',
    downstreamVerifierFile,
    "if (now >= exp * 1000) return 'EXPIRED'",
  ),
  inDownstreamTokens(
    'rejects a downstream token that lives longer than a minute',
    'longest life of a downstream token',
    downstreamVerifierFile,
    "if (exp - iat > maxDownstreamLifeSeconds) return 'LIFE_TOO_LONG'",
  ),
  inDownstreamTokens(
    'rejects a downstream token of the future',
    'beginning of a downstream token',
    downstreamVerifierFile,
    "return iat * 1000 > now + clockSkewMs ? 'ISSUED_IN_FUTURE' : undefined",
    'return iat * now * clockSkewMs ? undefined : undefined',
  ),
  inDownstreamTokens(
    'rejects a downstream token of another deployment',
    'issuer of a downstream token',
    downstreamVerifierFile,
    "if (claims.iss !== options.issuer) return 'ISSUER_REFUSED'",
  ),
  inDownstreamTokens(
    'rejects a downstream token that no engine signed',
    'signature of a downstream token',
    downstreamVerifierFile,
    "if (!key.verifies(jws.signed, jws.signature)) return 'SIGNATURE_WRONG'",
  ),
  inDownstreamTokens(
    'rejects a downstream token of alg none, and every other',
    'alg of a downstream token',
    downstreamVerifierFile,
    "if (alg !== algorithm) return 'ALGORITHM_REFUSED'",
  ),
  inDownstreamTokens(
    'rejects a downstream token with a key brought along, or with crit',
    'header parameters of a downstream token',
    downstreamVerifierFile,
    "if (Object.keys(others).length > 0) return 'HEADER_PARAMETER_REFUSED'",
  ),
  inDownstreamTokens(
    'rejects typ values swapped: every other kind of token at the tool server',
    'typ of a downstream token',
    downstreamVerifierFile,
    "if (typ !== downstreamType) return 'TYPE_REFUSED'",
  ),
  inDownstreamTokens(
    'rejects an engine’s key that is of another algorithm',
    'algorithm of an engine’s key',
    downstreamVerifierFile,
    "if (key.algorithm !== algorithm) return 'ALGORITHM_REFUSED'",
  ),
  inDownstreamTokens(
    'rejects a key that engines withdrew, after 5 minutes at most',
    'age of engines’ keys',
    keySourceFile,
    'now - fetchedAt < maxAgeMs && now >= fetchedAt',
    'now >= fetchedAt',
  ),
  inStatusLists(
    'a tool server that says nothing of status lists does not start: sessions would never end for it',
    'status lists are not forgotten',
    receiverFile,
    'if (statusList === undefined)',
    "if (statusList === 'none')",
  ),
  inStatusLists(
    'rejects the call of a session that ended or is suspended, by the status list',
    'status of a session',
    receiverFile,
    "case 'suspended':\n        return 'SESSION_SUSPENDED'",
    "case 'suspended':\n        return undefined",
  ),
  inStatusLists(
    'rejects a forged status list',
    'signature of a status list',
    statusListTokenFile,
    "if (!key.verifies(jws.signed, jws.signature)) return 'SIGNATURE_WRONG'",
  ),
  inStatusLists(
    'rejects an older status list than the one that is held',
    'status lists do not go back',
    statusReaderFile,
    'fresh !== undefined && fresh.issuedAt >= (list.token?.issuedAt ?? 0)',
    'fresh !== undefined',
  ),
  inStatusLists(
    'rejects a status list of the future, which nothing newer would replace',
    'beginning of a status list',
    statusListTokenFile,
    "if (iat * 1000 > now + clockSkewMs) return 'ISSUED_IN_FUTURE'",
  ),
  inStatusLists(
    'rejects the status list of another address',
    'address of a status list',
    statusListTokenFile,
    "if (sub !== expected.uri) return 'SUBJECT_REFUSED'",
  ),
  inStatusLists(
    'rejects the status list of another issuer',
    'issuer of a status list',
    statusListTokenFile,
    "if (iss !== expected.issuer) return 'ISSUER_REFUSED'",
  ),
  inStatusLists(
    'rejects another kind of token as a status list',
    'typ of a status list',
    statusListTokenFile,
    'typ !== statusListType || ',
  ),
  inStatusLists(
    'rejects a token that sends the tool server to another address for its status',
    'folder of status lists',
    statusReaderFile,
    "if (!uri.startsWith(folder)) return 'unknown'",
  ),
]
