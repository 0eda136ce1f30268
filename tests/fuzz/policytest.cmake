mcpauth_fuzz(policytest USES policy/test policy/analysis policy/engine base)
