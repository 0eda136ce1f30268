# mcpauth_flags: the one INTERFACE target with our warnings, hardening and sanitizers. Every target
# of ours links it privately, and nothing of anyone else's does.
add_library(mcpauth_flags INTERFACE)
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(MCPAUTH_WERROR "Fail on warnings" OFF) # on in the presets, off for packagers
option(MCPAUTH_FUZZ "Build the libFuzzer targets (needs clang)" OFF)
# Twelve sources of a folder are compiled as one: a build from nothing takes a quarter of the time. Names
# in anonymous namespaces must differ within a folder for that. The fuzz preset has it off, so that
# each source is also compiled alone, and clang-tidy reads that build's commands.
option(MCPAUTH_UNITY "Compile several sources of a folder as one" ON)
set(MCPAUTH_SANITIZE "" CACHE STRING "Value for -fsanitize=, e.g. address,undefined")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
find_program(LLD_PROGRAM NAMES ld.lld lld)
if(LLD_PROGRAM)
  target_link_options(mcpauth_flags INTERFACE -fuse-ld=lld)
endif()

if(NOT MCPAUTH_SANITIZE) # the linker leaves out what is unused (docs/adr/0018)
  set(sections $<$<NOT:$<CONFIG:Debug>>:-ffunction-sections;-fdata-sections>)
  target_link_options(mcpauth_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:-Wl,--gc-sections>)
endif()
target_compile_options(mcpauth_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wformat=2 -Wextra-semi
  -Wimplicit-fallthrough -Wswitch-enum -Wdate-time
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op>
  # libstdc++'s own stable_sort trips it in clang; with gcc it stays on for our calls.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  # g++ 12 sees overlapping copies in std::string's own operator+ when it optimises (bug 105651), and
  # uninitialised members where an aggregate's initialiser may throw.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<CONFIG:Debug>>>:-Wno-restrict;-Wno-maybe-uninitialized>
  $<$<BOOL:${MCPAUTH_WERROR}>:-Werror>
  ${sections}
  -fstack-protector-strong -fstack-clash-protection -fcf-protection
  -ftrivial-auto-var-init=pattern
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=) # the same bytes wherever it is built
target_compile_definitions(mcpauth_flags INTERFACE _GLIBCXX_ASSERTIONS)
if(NOT MCPAUTH_SANITIZE) # whose own checks it would hide
  target_compile_definitions(mcpauth_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=3>)
endif()
target_link_options(mcpauth_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed)

if(MCPAUTH_SANITIZE)
  target_compile_options(mcpauth_flags INTERFACE
    -fsanitize=${MCPAUTH_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
    # It probes memory through a pipe, and so sees bugs where a test has used up the descriptors.
    -fno-sanitize=vptr)
  target_link_options(mcpauth_flags INTERFACE -fsanitize=${MCPAUTH_SANITIZE})
endif()
if(MCPAUTH_FUZZ)
  target_compile_options(mcpauth_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# mcpauth_unity(<target> [ALONE <source>...]): compiles the target's sources in batches, those after
# ALONE one by one.
function(mcpauth_unity target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "ALONE")
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${MCPAUTH_UNITY} UNITY_BUILD_BATCH_SIZE 12)
  set_source_files_properties(${arg_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  if(MCPAUTH_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # It takes the sources of a batch for headers, and warns of their anonymous namespaces.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()
