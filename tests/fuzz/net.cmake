mcpauth_fuzz(net_request USES net base)
