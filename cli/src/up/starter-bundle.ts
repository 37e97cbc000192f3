/**
 * The text of a bundle for servers that nobody has described yet: each of their tools counts as one that changes something and is
 * sensitive. So calls pass until a session behaves as a hijacked one does, and then none but a person's own decision lets
 * them through again. Which tools only read, and which are held at once, nobody but their owner knows.
 */
export const starterBundle = (servers: readonly string[]): string => {
  const tools = servers.map(server => `${server}/*`)
  const group = { claim: 'groups', value: 'users' }
  const bundle = {
    version: 1,
    catalogue: Object.fromEntries(
      tools.map(tool => [tool, { readOnly: false, sensitivity: 2, mode: 'enforce' }]),
    ),
    roles: { user: { priorLogit: -4 } },
    identity: {
      providers: {
        local: {
          audiences: ['cordon-connect'],
          jwksUri: 'http://127.0.0.1/oidc/jwks',
          algorithms: ['ES256'],
          roles: [{ ...group, role: 'user' }],
          entitlements: [{ ...group, tools }],
          clearances: [{ ...group, clearance: 2 }],
        },
      },
      agents: {
        'my-agent': {
          version: '1.0.0',
          platform: 'mine',
          deployer: 'me',
          model: 'any',
          // SHA-256 of nothing: the prompt of a client that somebody else wrote is not known.
          promptDigest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
          tools,
          provenance: [],
        },
      },
      deployers: { me: { tools } },
    },
  }
  return `${JSON.stringify(bundle, undefined, 2)}\n`
}
