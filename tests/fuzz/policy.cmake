mcpauth_fuzz(toml USES codec base)
mcpauth_fuzz(policy USES policy/engine base)
