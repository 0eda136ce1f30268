mcpauth_fuzz(url USES codec base)
