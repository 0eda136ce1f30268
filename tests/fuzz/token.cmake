mcpauth_fuzz(find_token USES token jose)
