// fair_scheduler: round-robin choice among many requests; used for message vectors and for queue kicks.
//
// Requests are looked at directly, never scanned past a blocked one. With V requests held up, each is granted within
// V grants: the search goes on behind the last grant and wraps. One grant per cycle is sustained. A request may be
// withdrawn at any time; grant_valid then falls with it.
//
// Up to FLAT_LIMIT requests the grant is combinational in the requests. Beyond, requests are divided into groups of
// about the square root of their number: one register chooses the group, so a request that finds the scheduler in
// another group is granted one cycle later; the depth of the logic grows with the logarithm of REQUESTS.
//
//   REQUESTS     number of requests, 1 or more
//   INDEX_WIDTH  bits of grant, enough for REQUESTS - 1
//   FLAT_LIMIT   largest number of requests that is served without groups
`default_nettype none

module fair_scheduler #(
    parameter REQUESTS    = 2,
    parameter INDEX_WIDTH = 1,
    parameter FLAT_LIMIT  = 16
) (
    input  wire                   aclk,
    input  wire                   aresetn,

    input  wire [REQUESTS-1:0]    request,
    output wire                   grant_valid,
    output wire [INDEX_WIDTH-1:0] grant,
    input  wire                   advance        // the grant is used; only while grant_valid is 1
);

    generate
        if (REQUESTS <= FLAT_LIMIT) begin : flat

            wire [REQUESTS-1:0] behind;          // positions behind the last grant
            wire                found_behind;
            wire [INDEX_WIDTH-1:0] first_behind;
            wire                found_any;
            wire [INDEX_WIDTH-1:0] first_any;
            wire [REQUESTS-1:0] rest_behind;
            wire [REQUESTS-1:0] rest_any;

            reg [REQUESTS-1:0] behind_last;

            assign behind = behind_last;

            first_set #(.WIDTH(REQUESTS), .INDEX_WIDTH(INDEX_WIDTH)) find_behind (
                .bits(request & behind), .found(found_behind), .index(first_behind), .above(rest_behind)
            );
            first_set #(.WIDTH(REQUESTS), .INDEX_WIDTH(INDEX_WIDTH)) find_any (
                .bits(request), .found(found_any), .index(first_any), .above(rest_any)
            );

            assign grant_valid = found_any;
            assign grant       = found_behind ? first_behind : first_any;

            always @(posedge aclk) begin
                if (!aresetn)
                    behind_last <= {REQUESTS{1'b0}};
                else if (advance)
                    behind_last <= found_behind ? rest_behind : rest_any;
            end

        end else begin : grouped

            localparam BIT_WIDTH   = (INDEX_WIDTH + 1) / 2;          // within a group
            localparam GROUP_WIDTH = INDEX_WIDTH - BIT_WIDTH;
            localparam SIZE        = 1 << BIT_WIDTH;
            localparam GROUPS      = (REQUESTS + SIZE - 1) / SIZE;
            localparam PADDING     = GROUPS * SIZE - REQUESTS;

            wire [GROUPS*SIZE-1:0] padded;
            wire [GROUPS-1:0]      group_any;

            if (PADDING == 0) begin : exact
                assign padded = request;
            end else begin : filled
                assign padded = {{PADDING{1'b0}}, request};
            end

            genvar g;
            for (g = 0; g < GROUPS; g = g + 1) begin : groups
                assign group_any[g] = |padded[g*SIZE +: SIZE];
            end

            reg [GROUP_WIDTH-1:0] group;         // the group being served
            reg [SIZE-1:0]        behind;        // its positions behind the last grant
            reg [GROUPS-1:0]      groups_behind; // the groups behind it

            // Within the group: look at the requests themselves, so one that comes now is served in this round.
            wire [SIZE-1:0]      candidates = padded[group*SIZE +: SIZE] & behind;
            wire [BIT_WIDTH-1:0] first_bit;
            wire [SIZE-1:0]      rest;
            wire                 more = |(candidates & rest);

            first_set #(.WIDTH(SIZE), .INDEX_WIDTH(BIT_WIDTH)) find_bit (
                .bits(candidates), .found(grant_valid), .index(first_bit), .above(rest)
            );

            assign grant = {group, first_bit};

            // The next group with a request, wrapping, this one last.
            wire                   found_behind;
            wire [GROUP_WIDTH-1:0] first_behind;
            wire [GROUPS-1:0]      above_behind;
            wire                   found_any;
            wire [GROUP_WIDTH-1:0] first_any;
            wire [GROUPS-1:0]      above_any;

            first_set #(.WIDTH(GROUPS), .INDEX_WIDTH(GROUP_WIDTH)) find_group_behind (
                .bits(group_any & groups_behind), .found(found_behind), .index(first_behind), .above(above_behind)
            );
            first_set #(.WIDTH(GROUPS), .INDEX_WIDTH(GROUP_WIDTH)) find_group_any (
                .bits(group_any), .found(found_any), .index(first_any), .above(above_any)
            );

            wire next_group = found_any && (grant_valid ? (advance && !more) : 1'b1);

            always @(posedge aclk) begin
                if (!aresetn) begin
                    group         <= {GROUP_WIDTH{1'b0}};
                    groups_behind <= {{(GROUPS - 1){1'b1}}, 1'b0};
                    behind        <= {SIZE{1'b1}};
                end else if (next_group) begin
                    group         <= found_behind ? first_behind : first_any;
                    groups_behind <= found_behind ? above_behind : above_any;
                    behind        <= {SIZE{1'b1}};
                end else if (advance) begin
                    behind        <= rest;
                end
            end

        end
    endgenerate

endmodule

`default_nettype wire
