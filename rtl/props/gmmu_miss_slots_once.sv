// SPDX-License-Identifier: MIT
// A request that missed leaves the slots once: as a response, or as a report.
//
// Proved for the request with one tag, which may be any. Assumed: no tag is put in while it is
// inside, and what is put in is looked at; the hub answers a miss that it took, once, and says
// nothing else to this port.

module gmmu_miss_slots_once (
  input logic clk_i,
  input logic rst_ni,
  input gmmu_pkg::port_t port_i,
  input logic look_i,
  input logic put_i,
  input logic put_ready_o,
  input logic put_replayed_i,
  input logic put_known_i,
  input gmmu_pkg::request_t put_request_i,
  input gmmu_pkg::response_t put_response_i,
  input logic miss_valid_o,
  input logic miss_ready_i,
  input gmmu_pkg::miss_t miss_o,
  input logic replied_o,
  input gmmu_pkg::reply_t reply_i,
  input logic response_valid_o,
  input logic response_ready_i,
  input gmmu_pkg::response_t response_o,
  input logic report_valid_o,
  input logic report_ready_i,
  input gmmu_pkg::report_t report_o,
  // The slots, for induction.
  input logic [1:0] is_free_q,
  input logic [1:0] is_missed_q,
  input logic [1:0] offered_q,
  input logic [1:0] is_response_q,
  input logic [1:0] is_report_q,
  input logic [1:0] replayed_q,
  input logic [1:0][gmmu_pkg::RequestBits-1:0] requests,
  input logic [1:0][gmmu_pkg::ResponseBits-1:0] responses
);

  (* anyconst *) logic [gmmu_pkg::TagBits-1:0] tag;
  (* anyconst *) gmmu_pkg::port_t port;

  // The request with the tag is inside; the misses that the hub has.
  logic inside_q = 1'b0, of_control_q, retried_q = 1'b0;
  logic [1:0] sent_q = '0, holds, is_ours;
  logic puts, responds, reports, answered_q = 1'b0, unoffered_q = 1'b0;
  gmmu_pkg::request_t reported;
  gmmu_pkg::response_t report_response;
  assign reported = report_o.request;
  assign report_response = report_o.response;
  assign puts = put_i && put_request_i.tag == tag;
  assign responds = response_valid_o && response_ready_i && response_o.tag == tag;
  assign reports = report_valid_o && report_ready_i && reported.tag == tag;

  always_comb begin
    assume (port_i == port);
    assume (!put_i || (put_ready_o && look_i));
    assume (!puts || !inside_q);
    assume (!put_known_i || (put_replayed_i && put_response_i.tag == put_request_i.tag));
    assume (!replied_o || (reply_i.slot[3:1] == '0 && sent_q[reply_i.slot[0]]));
  end

  for (genvar s = 0; s < 2; s++) begin : gen_slot
    gmmu_pkg::request_t request;
    gmmu_pkg::response_t response;
    assign request = requests[s];
    assign response = responses[s];
    assign is_ours[s] = request.tag == tag;
    assign holds[s] = !is_free_q[s] && is_ours[s];
    always_ff @(posedge clk_i) begin
      if (rst_ni && (is_response_q[s] || is_report_q[s])) assert (response.tag == request.tag);
      if (rst_ni && is_response_q[s]) assert (!replayed_q[s]);
      if (rst_ni && holds[s]) assert (replayed_q[s] == of_control_q);
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      inside_q <= (inside_q && !responds && !reports) || puts;
      if (puts) of_control_q <= put_replayed_i;
      if (miss_valid_o && miss_ready_i) sent_q[miss_o.slot[0]] <= 1'b1;
      if (replied_o) sent_q[reply_i.slot[0]] <= 1'b0;

      assert (!(response_valid_o && response_o.tag == tag) || (inside_q && !of_control_q));
      assert (!(report_valid_o && reported.tag == tag) ||
              (inside_q && report_o.replayed == of_control_q && report_response.tag == tag));
      assert (!(responds && reports));

      // Nothing is lost: it is in exactly one slot, and the slot waits for somebody.
      assert (inside_q == (holds != '0) && holds != 2'b11);
      for (int unsigned s = 0; s < 2; s++) begin
        assert (3'(is_free_q[s]) + 3'(is_missed_q[s]) + 3'(sent_q[s]) + 3'(is_response_q[s]) +
                3'(is_report_q[s]) == 3'd1);
      end
      assert ((is_response_q == '0 || response_valid_o) && (is_report_q == '0 || report_valid_o));

      // A miss is offered in the next cycle, if no other is.
      unoffered_q <= is_missed_q != '0 && !miss_valid_o;
      assert (!unoffered_q || miss_valid_o);
      assert ((offered_q & ~is_missed_q) == '0 && (offered_q & (offered_q - 2'd1)) == '0);
      assert (miss_valid_o == (offered_q != '0));
      assert (!miss_valid_o || (miss_o.slot[3:1] == '0 && offered_q[miss_o.slot[0]]));

      retried_q <= retried_q || (inside_q && replied_o && reply_i.result == gmmu_pkg::ResultRetry);
      answered_q <= answered_q || (retried_q && responds);
      cover (answered_q && reports && of_control_q);
    end
  end

endmodule

bind gmmu_miss_slots gmmu_miss_slots_once u_once (
  .requests({request_q[1], request_q[0]}),
  .responses({response_q[1], response_q[0]}),
  .*
);

bind gmmu_miss_slots gmmu_channel #(
  .Width($bits(miss_o))
) u_miss (
  .clk_i,
  .rst_ni,
  .valid_i(miss_valid_o),
  .ready_i(miss_ready_i),
  .message_i(miss_o)
);

bind gmmu_miss_slots gmmu_channel #(
  .Width($bits(response_o))
) u_response (
  .clk_i,
  .rst_ni,
  .valid_i(response_valid_o),
  .ready_i(response_ready_i),
  .message_i(response_o)
);

bind gmmu_miss_slots gmmu_channel #(
  .Width($bits(report_o))
) u_report (
  .clk_i,
  .rst_ni,
  .valid_i(report_valid_o),
  .ready_i(report_ready_i),
  .message_i(report_o)
);
