# The rules that a script can hold, as tests.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
add_test(NAME "check: layers and fences"
         COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/checks/layers.py ${PROJECT_SOURCE_DIR})
add_test(NAME "check: coroutines"
         COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/checks/coroutines.py ${PROJECT_SOURCE_DIR}/src)
add_test(NAME "check: text and links"
         COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tests/checks/text.py ${PROJECT_SOURCE_DIR})
set_tests_properties("check: text and links" PROPERTIES SKIP_RETURN_CODE 77)
find_program(SHELLCHECK shellcheck)
if(SHELLCHECK)
  add_test(NAME "check: shell scripts"
           COMMAND ${SHELLCHECK} -x scripts/quickstart scripts/test scripts/packages .ci/run
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endif()
