# SPDX-License-Identifier: MIT
# Deliberate bugs in the RTL that the checker must notice. In the texts, <semicolon>, <open> and <close> stand for ; [ and ].

# 1: a dropped request: its miss is forgotten
mutation(1 gmmu_miss_slots.sv "is_free_q <= (is_free_q & ~put_into) | responded | reported<semicolon>"
  "is_free_q <= (is_free_q & ~put_into) | responded | reported | (@BUG@ ? sent : '0)<semicolon>")
# 2: a doubled response: a hit is answered twice
mutation(2 gmmu_hit_queue.sv "front_valid_q <= back_valid_q || put_i<semicolon>" "front_valid_q <= back_valid_q || put_i || (@BUG@ && front_valid_q && !look_i)<semicolon>")
# 3: a wrong permission bit: the TLB forgets READ_ONLY
mutation(3 gmmu_utlb_store.sv "compared.read_only, compared.atomic_disable," "compared.read_only && !@BUG@, compared.atomic_disable,")
# 4: a stale hit after an invalidate
mutation(4 gmmu_utlb_store.sv "valid_d = valid_q & ~overlap & ~purged<semicolon>" "valid_d = valid_q & ~overlap & (@BUG@ ? '1 : ~purged)<semicolon>")
# 5: a wrong level: the walk passes by the table of 64 KiB pages
mutation(5 gmmu_walker.sv "descent.level = big.present ? gmmu_pkg::LevelPte64k" "descent.level = big.present && !@BUG@ ? gmmu_pkg::LevelPte64k")
# 6: a lost overflow
mutation(6 gmmu_gv100_fault_buffer.sv "overflow_q <= (overflow_q || (reserve_i" "overflow_q <= (overflow_q || (!@BUG@ && reserve_i")
# 7: the words of a packet in the wrong order
mutation(7 gmmu_gv100_reporter.sv "words = {info, packet<open>223:0<close>}<semicolon>"
  "words = @BUG@ ? {info, packet<open>223:128<close>, packet<open>95:64<close>, packet<open>127:96<close>, packet<open>63:0<close>} : {info, packet<open>223:0<close>}<semicolon>")
# 8: a replay before the caches are done
mutation(8 gmmu_invalidate_engine.sv "if (flush_all_q || flush_bindings_q || !is_empty) state_q <= StInvalidate<semicolon>"
  "if (flush_all_q || flush_bindings_q) state_q <= StInvalidate<semicolon> else if (!is_empty) state_q <= @BUG@ && head.replay != '0 ? StReplay : StInvalidate<semicolon>")
# 9: a wrong match of the PDB: address spaces at odd pages are not found
mutation(9 gmmu_match_pkg.sv "is_space = space.pdb_page == {4'b0, pdb_page} &&" "is_space = space.pdb_page == {4'b0, pdb_page} && !(@BUG@ && pdb_page<open>0<close>) &&")
# 10: PUT wraps one entry late
mutation(10 gmmu_gv100_fault_buffer.sv "{1'b0, put_q} + 21'd1 >= {1'b0, size_q.val}" "{1'b0, put_q} + 21'd1 >= {1'b0, size_q.val} + 21'(@BUG@)")
# 11: a targeted cancel hits another client
mutation(11 gmmu_cancel.sv "report_i.port == target<semicolon>" "report_i.port == (target ^ gmmu_pkg::PortBits'(@BUG@))<semicolon>")
# 12: a miss that joins a walk is checked as if it only read
mutation(12 gmmu_walk_unit.sv "access_type_q<open>free_index<close> <= miss_i.access_type<semicolon>"
  "access_type_q<open>free_index<close> <= @BUG@ && same != '0 ? faultline_regs_pkg::AccessTypeRead : miss_i.access_type<semicolon>")
# 13: a replay leaves out the first parked request of each list
mutation(13 gmmu_replay_queue.sv "StList: todo_q <= parked_q<open>list_q<close> & ~young_q<open>list_q<close><semicolon>"
  "StList: todo_q <= parked_q<open>list_q<close> & ~young_q<open>list_q<close> & (@BUG@ ? ~One : '1)<semicolon>")
# 14: a packet names the wrong engine
mutation(14 gmmu_gv100_reporter.sv "faultline_regs_pkg::engine_id_e'(request.engine_id)" "faultline_regs_pkg::engine_id_e'(request.engine_id + 9'(@BUG@))")
# 15: a prefetch fault is told although the filter says no, and the other way round
mutation(15 gmmu_fault_unit.sv "tells = !send_none_i<semicolon>" "tells = !send_none_i ^ @BUG@<semicolon>")
# 16: a directory survives an invalidate of all levels
mutation(16 gmmu_walk_unit.sv ".purge_i,
    .purge_op_i
  )<semicolon>

  // Who waits" ".purge_i(purge_i && !@BUG@),
    .purge_op_i
  )<semicolon>

  // Who waits")
# 17: the clock of the miss slots stands when a miss comes
mutation(17 gmmu_utlb.sv ".enable_i((leaves && to_slot) ||" ".enable_i((leaves && to_slot && !@BUG@) ||")

# No bug, but what the clock gates are compared with: 18: no clock ever stops
mutation(18 gmmu_clock_gate.sv "if (!clk_i) enable = enable_i<semicolon>" "if (!clk_i) enable = enable_i || @BUG@<semicolon>")
