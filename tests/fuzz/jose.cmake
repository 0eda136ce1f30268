mcpauth_fuzz(base64url USES codec base)
mcpauth_fuzz(json USES codec base)
mcpauth_fuzz(jwk USES jose crypto codec base)
mcpauth_fuzz(jws USES jose crypto codec base)
