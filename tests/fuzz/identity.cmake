mcpauth_fuzz(config USES config)
mcpauth_fuzz(principal USES identity)
