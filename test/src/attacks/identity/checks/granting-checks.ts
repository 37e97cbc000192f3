import type { AttackedCheck } from '../../prove/prove-checks.ts'
import { attacksIn } from './against.ts'

const subjectOfBasisFile = 'services/identity/src/core/subject-of-basis.ts'
const humanOfFile = 'services/identity/src/core/humans/human-of.ts'
const judgeSessionFile = 'services/identity/src/core/judge-session.ts'
const grantIntentFile = 'services/identity/src/core/grant-intent.ts'
const grantToolsFile = 'services/identity/src/core/grant-tools.ts'
const tokenRequestFile = 'services/identity/src/adapters/token-request.ts'
const operatorRoutesFile = 'services/identity/src/adapters/operator-routes.ts'
const usedProofsFile = 'services/identity/src/adapters/store/used-proofs.ts'
const requestProofVerifierFile = 'packages/tokens/src/proof/request-proof-verifier.ts'
const formBodyFile = 'services/identity/src/adapters/form-body.ts'
const subjectOfParentFile = 'services/identity/src/core/subject-of-parent.ts'
const sessionOfGrantFile = 'services/identity/src/core/session-of-grant.ts'
const proveRequestFile = 'services/identity/src/core/prove-request.ts'

const inGranting = attacksIn('granting.test.ts')
const inAutomations = attacksIn('automations.test.ts')
const inDelegation = attacksIn('delegation.test.ts')

/** Of what is granted, and to whom. */
export const grantingChecks: readonly AttackedCheck[] = [
  inGranting(
    'rejects a tool that the human is not entitled to',
    'entitlements of a human',
    subjectOfBasisFile,
    'bounds: [{ by: `the human ${human.human}`, tools: human.tools }],',
    'bounds: [],',
  ),
  inGranting(
    'rejects an entitlement from a claim that nobody mapped',
    'entitlements by mapping',
    humanOfFile,
    'provider.entitlements.filter(matches)',
    'provider.entitlements',
  ),
  inGranting(
    'rejects deployer bypass: a tool of the manifest that its deployer does not allow',
    'tools of a deployer',
    judgeSessionFile,
    '{ by: `the deployer ${manifest.deployer}`, tools: deployer?.tools ?? [] },',
  ),
  inGranting(
    'rejects manifest bypass: an agent that leaves its attestation out, and uses tools as its human',
    'direct use by named audiences alone',
    judgeSessionFile,
    'provider?.directAudiences?.includes(client) === true',
    'client !== undefined',
  ),
  inGranting(
    'rejects a tool that the manifest does not have',
    'tools of a manifest',
    judgeSessionFile,
    '{ by: `the manifest of ${agentId}`, tools: manifest.tools },',
  ),
  inGranting(
    'rejects a tool above the human’s clearance',
    'clearance of a human',
    grantToolsFile,
    '...(sensitivity > clearance ? [`sensitivity ${sensitivity} is above clearance ${clearance}`] : []),',
  ),
  inGranting(
    'rejects all of a server, where its most sensitive tool is above the clearance',
    'clearance for a whole server',
    grantToolsFile,
    'return Math.max(\n',
    'return Math.min(\n',
  ),
  inGranting(
    'rejects a wider request in other words: scope, audience, and details of a kind that nobody knows',
    'parameters that would widen',
    tokenRequestFile,
    "const refusedParameters = ['scope', 'audience']",
    "const refusedParameters = ['']",
  ),
  inGranting(
    'rejects a token for a server that nothing was asked of',
    'server of the token',
    judgeSessionFile,
    'tools.some(tool => serverOf(tool) === server)',
    'tools.length > 0',
  ),
  inGranting(
    'rejects a role that claims name and the bundle does not map',
    'role by mapping',
    humanOfFile,
    'provider.roles.find(matches)?.role',
    'provider.roles[0]?.role',
  ),
  inGranting(
    'rejects another agent than the one that the human consented to',
    'agent that was consented to',
    judgeSessionFile,
    'if (subject.onlyAgent === undefined) return undefined',
    'if (subject.onlyAgent !== null) return undefined',
  ),
  inGranting(
    'rejects more tools than the human consented to',
    'tools that were consented to',
    humanOfFile,
    'consented === undefined ? [...entitled] : narrowed([...entitled], consented)',
    'consented === null ? narrowed([], consented) : [...entitled]',
  ),
  inGranting(
    'rejects whom and what the kill switch has stopped',
    'revoked parties open nothing',
    judgeSessionFile,
    '  nothingIsRevoked,\n',
  ),
  inGranting(
    'rejects a kill switch that would stop nobody, instead of saying that it did',
    'scopes that name somebody',
    operatorRoutesFile,
    'if (!isKnown && force !== true)',
    'if (!isKnown && force === false)',
  ),
  inGranting(
    'rejects the kill switch in the hand of anybody but an operator',
    'secret of operators',
    operatorRoutesFile,
    'if (options.isSecretShown(request.headers.authorization)) return run()',
    'return run()',
  ),
  inGranting(
    'rejects a replayed proof at the token endpoint',
    'one use of a request’s proof',
    usedProofsFile,
    '.every(Boolean)',
    '.every(() => true)',
  ),
  inGranting(
    'rejects a proof of another endpoint, another method or another service',
    'URL of a request’s proof',
    requestProofVerifierFile,
    "if (payload.htu !== expected.url) return 'URL_REFUSED'",
  ),
  inGranting(
    'rejects a proof of another endpoint, another method or another service',
    'method of a request’s proof',
    requestProofVerifierFile,
    "if (payload.htm !== expected.method) return 'METHOD_REFUSED'",
  ),
  inGranting(
    'rejects a proof at the token endpoint from a clock that is more than a minute off, either way',
    'age of a request’s proof',
    requestProofVerifierFile,
    "if (payload.iat * 1000 < expected.now - requestProofSkewMs) return 'ISSUED_TOO_EARLY'",
  ),
  inGranting(
    'rejects a proof at the token endpoint from a clock that is more than a minute off, either way',
    'a request’s proof is not of the future',
    requestProofVerifierFile,
    "if (payload.iat * 1000 > expected.now + requestProofSkewMs) return 'ISSUED_IN_FUTURE'",
  ),
  inGranting(
    'rejects a parameter that comes twice',
    'parameters once each',
    formBodyFile,
    'if (form.has(name))',
    'if (name === "")',
  ),
  inGranting(
    'rejects an oversized request',
    'size of a request',
    formBodyFile,
    'if (bytes > maxBodyBytes) return undefined',
  ),
  inDelegation(
    'rejects scope growth through a sub-agent: more than its parent was granted',
    'tools of a parent',
    subjectOfParentFile,
    '{ by: `the session of ${session.agentId}`, tools: session.tools }',
  ),
  inDelegation(
    'rejects scope growth through a sub-agent: more than its own manifest has',
    'tools of a sub-agent',
    judgeSessionFile,
    '{ by: `the manifest of ${agentId}`, tools: manifest.tools },',
  ),
  inDelegation(
    'rejects an intent widened through a sub-agent: a hijacked agent says what its human asked for',
    'intent of a sub-agent',
    grantIntentFile,
    'if (subject.parent !== undefined)',
    'if (declared === "")',
  ),
  inDelegation(
    'the sub-agent’s token names who delegated: the chain cannot be laundered away',
    'chain of actors',
    sessionOfGrantFile,
    '...(delegatedBy && { delegatedBy })',
  ),
  inDelegation(
    'rejects actor laundering: a stolen parent token, without the parent’s key',
    'key of a parent',
    proveRequestFile,
    'return proven.value.holder === verified.token.holder',
    'return proven.value.holder',
  ),
  inDelegation(
    'rejects a parent’s proof that was made for another token of its',
    'token of a parent’s proof',
    requestProofVerifierFile,
    "if (payload.ath !== (tokenText === undefined ? undefined : hash('sha256', tokenText, 'base64url')))\n    return 'TOKEN_REFUSED'",
  ),
  inDelegation(
    'rejects a delegation that is deeper than the manifest allows',
    'depth of delegation',
    judgeSessionFile,
    'if (links.length <= limit) return undefined',
    'return undefined',
  ),
  inDelegation(
    'rejects a sub-agent of an agent whose manifest lets it hand nothing on',
    'each manifest of a chain bounds it',
    judgeSessionFile,
    '...[agent.manifest, ...manifests]',
    '...[agent.manifest]',
  ),
  inAutomations(
    'rejects another agent that the grant’s agent hands its work on to',
    'the agent of a grant, along the chain',
    judgeSessionFile,
    '(mayDelegate && principal',
    '(principal',
  ),
  inAutomations(
    'rejects an automation that goes on after its grant was withdrawn',
    'revoked grants',
    'packages/tokens/src/revocation/principal-scopes.ts',
    'scopes.push(`grant:${grantId}`)',
    ';',
  ),
  inAutomations(
    'rejects a grant whose name the kill switch could not take',
    'names of grants',
    'services/identity/src/core/subject-of-grant.ts',
    'if (!isKeptName(grant.grantId))',
    "if (!isKeptName('g-1'))",
  ),
  inAutomations(
    'rejects an automation of a sponsor whom the provider has ended everywhere',
    'log-outs count for sponsors',
    'services/identity/src/adapters/store/add-sessions.ts',
    's.provider is null then l.human = s.human and l.human_session is null',
    's.provider is null then false',
  ),
  inDelegation(
    'rejects a sub-agent of a session that has ended',
    'parents that ended',
    subjectOfParentFile,
    "if (parent.ended || session.endsAt <= now || standing === 'ended')",
    'if (parent.ended || session.endsAt <= now)',
  ),
  inDelegation(
    'rejects a sub-agent of a suspended session',
    'parents that are suspended',
    subjectOfParentFile,
    "if (standing === 'suspended')",
    'if (standing === undefined)',
  ),
  inDelegation(
    'rejects a sub-agent of an agent that the kill switch has stopped, a new one and one that renews',
    'revoked agents hand nothing on',
    'packages/tokens/src/revocation/principal-scopes.ts',
    'scopes.push(`agent:${by.agentId}`, `platform:${by.platform}`)',
    ';',
  ),
  inDelegation(
    'rejects a sub-agent that outlives its parent',
    'a session ends with its parent',
    subjectOfParentFile,
    'until: session.endsAt,',
  ),
  inDelegation(
    'rejects a human’s own session as a parent: there is no agent to delegate',
    'a parent is an agent’s',
    subjectOfParentFile,
    'if (session.agent === null)',
    'if (session.agent === undefined)',
  ),
]
