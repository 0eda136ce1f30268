mcpauth_fuzz(policytest USES policytest analysis policy base)
