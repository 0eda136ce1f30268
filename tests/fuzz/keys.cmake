mcpauth_fuzz(ring USES keys)
mcpauth_fuzz(key_lint USES keys)
