# The audit log as a whole: a writer that is killed, whose disk fills, whose files are changed; judged
# by `audit verify` and by a verifier that shares nothing with it.
add_executable(audit_writer tests/support/audit_writer.cpp)
target_link_libraries(audit_writer PRIVATE mcpauth_flags mcpauth_audit)
add_test(NAME "audit: every change is found, by two verifiers"
         COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/audit/tamper.py $<TARGET_FILE:mcpauth> $<TARGET_FILE:audit_writer>)
set_tests_properties("audit: every change is found, by two verifiers" PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600)
