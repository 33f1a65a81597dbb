// SPDX-License-Identifier: MIT
// Cover points of gmmu_replay_queue: parking, replaying, withdrawing.

module gmmu_replay_queue_cover (
  input logic clk_i,
  input logic rst_ni,
  input logic park,
  input logic refuse,
  input logic replaying,
  input logic nothing,
  input logic sent,
  input logic keeps,
  input logic ends,
  input logic found,
  input logic searches,
  input logic none,
  input logic drains,
  input logic resumes,
  input logic withdrawn,
  input logic space,
  input logic tag_differs,
  input logic waits
);

  parked: cover property (@(posedge clk_i) rst_ni && park);
  parked_during_replay: cover property (@(posedge clk_i) rst_ni && park && replaying);
  refused: cover property (@(posedge clk_i) rst_ni && refuse);
  sent_again: cover property (@(posedge clk_i) rst_ni && sent);
  parked_again: cover property (@(posedge clk_i) rst_ni && keeps);
  answered: cover property (@(posedge clk_i) rst_ni && ends);
  withdrawn_waiting: cover property (@(posedge clk_i) rst_ni && found && !replaying);
  withdrawn_on_its_way: cover property (@(posedge clk_i) rst_ni && withdrawn);
  withdrawn_during_replay: cover property (@(posedge clk_i) rst_ni && resumes);
  withdrawal_of_nothing: cover property (@(posedge clk_i) rst_ni && searches && none);
  search_goes_on: cover property (@(posedge clk_i) rst_ni && tag_differs);
  room_again: cover property (@(posedge clk_i) rst_ni && space);
  replay_of_nothing: cover property (@(posedge clk_i) rst_ni && drains && nothing && !sent);
  port_busy: cover property (@(posedge clk_i) rst_ni && waits);

endmodule

bind gmmu_replay_queue gmmu_replay_queue_cover u_cover (
  .clk_i,
  .rst_ni,
  .park(park_i),
  .refuse(refuse_i),
  .replaying(replaying_q),
  .nothing(in_flight_q == 0),
  .sent,
  .keeps(end_i && keep_i),
  .ends,
  .found,
  .searches(state_q == StSearch),
  .none(next == '0),
  .drains(state_q == StDrain),
  .resumes(state_q == StWithdrawn && resume_q == StDrain),
  .withdrawn(end_i && withdrawn_o),
  .space(space_o != '0),
  .tag_differs(state_q == StDecide && !found),
  .waits(reissue_valid_o && !reissue_ready_i)
);
