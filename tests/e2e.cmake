# End-to-end tests: real counterparts against the real binary. Each file is one test; where Node or
# the packages cannot be had it is reported as skipped, with the reason.
function(mcpauth_e2e name)
  add_test(NAME "e2e: ${name}" COMMAND ${PROJECT_SOURCE_DIR}/tests/e2e/run ${name})
  set_tests_properties("e2e: ${name}" PROPERTIES
    ENVIRONMENT "MCPAUTH_BIN=$<TARGET_FILE:mcpauth>" SKIP_RETURN_CODE 77 TIMEOUT 180)
endfunction()
mcpauth_e2e(strangers)
mcpauth_e2e(idp)
mcpauth_e2e(reports)
