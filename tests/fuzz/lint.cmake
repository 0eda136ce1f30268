mcpauth_fuzz(lint USES policy/lint policy/analysis policy/engine codec base)
mcpauth_fuzz(lint_inputs USES policy/lint policy/analysis policy/engine codec base)
