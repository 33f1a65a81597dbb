# SPDX-License-Identifier: MIT
# Writes a copy of the RTL with deliberate bugs, each switched on by its number in gmmu_bug_pkg::bug.
# cmake -DOUTPUT=FOLDER -DSOURCES=FILE,... -DMUTATIONS=FILE -P mutate.cmake

# mutation(NUMBER FILE FIND REPLACE): FIND must be in FILE exactly once. @BUG@ is what is true while the bug is on.
function(mutation number file find replace)
  get_property(text GLOBAL PROPERTY text_${file})
  string(FIND "${text}" "${find}" first)
  string(FIND "${text}" "${find}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "mutation ${number}: ${file} has not exactly once: ${find}")
  endif()
  string(REPLACE "@BUG@" "(gmmu_bug_pkg::bug == ${number})" replace "${replace}")
  string(REPLACE "${find}" "${replace}" text "${text}")
  set_property(GLOBAL PROPERTY text_${file} "${text}")
endfunction()

string(REPLACE "," ";" SOURCES "${SOURCES}")
foreach(source IN LISTS SOURCES)
  get_filename_component(name ${source} NAME)
  file(READ ${source} text)
  # What CMake would take for the end of a list element, or of a bracket.
  string(REPLACE ";" "<semicolon>" text "${text}")
  string(REPLACE "[" "<open>" text "${text}")
  string(REPLACE "]" "<close>" text "${text}")
  set_property(GLOBAL PROPERTY text_${name} "${text}")
endforeach()

include(${MUTATIONS})

file(WRITE ${OUTPUT}/gmmu_bug_pkg.sv "package gmmu_bug_pkg;\n  int bug /*verilator public*/;\nendpackage\n")
foreach(source IN LISTS SOURCES)
  get_filename_component(name ${source} NAME)
  get_property(text GLOBAL PROPERTY text_${name})
  string(REPLACE "<semicolon>" ";" text "${text}")
  string(REPLACE "<open>" "[" text "${text}")
  string(REPLACE "<close>" "]" text "${text}")
  file(WRITE ${OUTPUT}/${name} "${text}")
endforeach()
