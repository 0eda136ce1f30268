mcpauth_fuzz(filter USES audit/query audit/log codec base)
