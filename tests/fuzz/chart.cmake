mcpauth_fuzz(chart USES audit/report audit/log codec)
