mcpauth_fuzz(lint USES lint analysis policy codec base)
mcpauth_fuzz(lint_inputs USES lint analysis policy codec base)
