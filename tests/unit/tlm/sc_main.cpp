// SPDX-License-Identifier: MIT
// The SystemC library wants one; these programs have a main() of their own.
#include <systemc>

int sc_main(int, char**) { return 0; }
