mcpauth_fuzz(audit_line USES audit/log codec base)
mcpauth_fuzz(audit_note USES audit/log codec base)
