# The audit log as a whole: a writer that is killed, whose disk fills, whose files are changed; judged
# by `audit verify` and by a verifier that shares nothing with it.
add_executable(audit_writer tests/support/audit_writer.cpp)
target_link_libraries(audit_writer PRIVATE mcpauth_flags mcpauth_audit_log)
set(audit_tests ${PROJECT_SOURCE_DIR}/tests/audit)
# Sanitized programs are slow, and what is looked for there is another kind of fault.
set(kills 1000)
set(changes 300)
if(MCPAUTH_SANITIZE)
  set(kills 100)
  set(changes 60)
endif()
add_test(NAME "audit: every change is found, by two verifiers"
         COMMAND Python3::Interpreter ${audit_tests}/tamper.py $<TARGET_FILE:mcpauth> $<TARGET_FILE:audit_writer> ${changes})
set_tests_properties("audit: every change is found, by two verifiers" PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600)
add_test(NAME "audit: a writer killed at random moments loses nothing"
         COMMAND Python3::Interpreter ${audit_tests}/crash.py $<TARGET_FILE:mcpauth> $<TARGET_FILE:audit_writer> ${kills})
set_tests_properties("audit: a writer killed at random moments loses nothing" PROPERTIES TIMEOUT 900)
add_test(NAME "audit: a file system that runs full"
         COMMAND Python3::Interpreter ${audit_tests}/full_disk.py $<TARGET_FILE:mcpauth> $<TARGET_FILE:audit_writer>)
set_tests_properties("audit: a file system that runs full" PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
add_test(NAME "audit: no planted secret is on record"
         COMMAND Python3::Interpreter ${audit_tests}/canary.py $<TARGET_FILE:mcpauth>)
set_tests_properties("audit: no planted secret is on record" PROPERTIES TIMEOUT 300)
if(NOT MCPAUTH_SANITIZE) # which does not work under strace
  add_test(NAME "audit: a writer killed and failed at each system call"
           COMMAND Python3::Interpreter ${audit_tests}/every_step.py $<TARGET_FILE:mcpauth> $<TARGET_FILE:audit_writer>)
  set_tests_properties("audit: a writer killed and failed at each system call" PROPERTIES
    SKIP_RETURN_CODE 77 TIMEOUT 900)
endif()
