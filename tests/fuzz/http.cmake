mcpauth_fuzz(url USES codec base)
mcpauth_fuzz(oauth_answer USES oauth http codec base)
