mcpauth_fuzz(chart USES chart audit codec)
