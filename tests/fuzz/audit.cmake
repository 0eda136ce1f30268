mcpauth_fuzz(audit_line USES audit codec base)
mcpauth_fuzz(audit_note USES audit codec base)
