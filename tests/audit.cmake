# The audit log as a whole: a writer that is killed, whose disk fills, whose files are changed; judged
# by `audit verify` and by a verifier that shares nothing with it.
add_executable(audit_writer tests/support/audit_writer.cpp)
target_link_libraries(audit_writer PRIVATE mcpauth_flags mcpauth_audit)
