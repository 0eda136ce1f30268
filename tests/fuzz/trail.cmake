mcpauth_fuzz(filter USES trail audit codec base)
