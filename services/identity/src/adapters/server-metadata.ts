/** RFC 8414 §2, with what RFC 9449 §5.1 and RFC 9396 §10 add. */
export const serverMetadata = (issuer: string): object => ({
  issuer,
  token_endpoint: `${issuer}/token`,
  revocation_endpoint: `${issuer}/revoke`,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  grant_types_supported: ['urn:ietf:params:oauth:grant-type:token-exchange', 'refresh_token'],
  response_types_supported: [],
  // Whoever asks proves a key, and where it is an agent an attester vouches for that key.
  token_endpoint_auth_methods_supported: ['none'],
  revocation_endpoint_auth_methods_supported: ['none'],
  dpop_signing_alg_values_supported: ['EdDSA', 'ES256'],
  authorization_details_types_supported: ['mcp_tool'],
})
