mcpauth_fuzz(lint USES lint analysis policy codec base)
