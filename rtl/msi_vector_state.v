// msi_vector_state: masked, pending and configured of every vector. The only writer of them; every collision is
// decided here.
//
// A vector requests a message while it is pending and configured and not masked. Whether messages may be sent at all
// (MSI on, DRIVER_OK) is the user's business, who answers with taken.
//
// Pending is kept by cause, used buffer or configuration change, so that DISABLE can give each back to its own
// InterruptStatus bit. Without sharing only vector 0 can have the configuration change, so this costs nothing there.
//
// In one cycle:
//   an event and taken        with BYPASS the event is part of the message that is being taken; without it, the
//                             vector becomes pending again
//   mask and taken            the message is taken: it is on the bus before the mask command is answered
//   an event and disabling    the event is counted into disabled_used, disabled_config
//   anything and clear        clear wins (reset)
//
//   NUM_VECTORS   1..2048
//   VECTOR_WIDTH  bits of a vector number
//   MSI_SHARING   1: any vector can have any cause
//   BYPASS        1: an event requests in the cycle in which it comes, not in the next (for small numbers of vectors)
`default_nettype none

module msi_vector_state #(
    parameter NUM_VECTORS  = 3,
    parameter VECTOR_WIDTH = 2,
    parameter MSI_SHARING  = 0,
    parameter BYPASS       = 1
) (
    input  wire                    aclk,
    input  wire                    aresetn,
    input  wire                    clear,

    input  wire                    pend,                 // an event of pend_vector, which exists
    input  wire [VECTOR_WIDTH-1:0] pend_vector,
    input  wire                    pend_used,
    input  wire                    pend_config,

    input  wire                    mask,                 // commands to command_vector
    input  wire                    unmask,
    input  wire                    configure,
    input  wire [63:0]             staged_address,       // address 0 makes the vector unconfigured (MSI-19)
    input  wire [VECTOR_WIDTH-1:0] command_vector,
    input  wire                    disabling,            // clears pending

    output wire                    disabled_used,        // in the cycle of disabling: some vector was pending for it
    output wire                    disabled_config,

    output wire [NUM_VECTORS-1:0]  request,
    input  wire                    taken,                // clears pending of taken_vector
    input  wire [VECTOR_WIDTH-1:0] taken_vector,

    input  wire                    peek,                 // look at peek_vector, not command_vector, in this cycle
    input  wire [VECTOR_WIDTH-1:0] peek_vector,
    output reg                     peeked_used,          // one cycle after any look
    output reg                     peeked_config,
    output reg                     state_masked,         // of command_vector, one cycle later; holds during peek
    output reg                     state_pending,
    output reg                     state_configured
);

    localparam                   CONFIG_VECTORS = (MSI_SHARING != 0) ? NUM_VECTORS : 1;
    localparam                   TAKE_WINS      = (BYPASS != 0);
    localparam [NUM_VECTORS-1:0] ONE            = 1;
    localparam [NUM_VECTORS-1:0] NONE           = 0;

    reg [NUM_VECTORS-1:0]    masked;
    reg [NUM_VECTORS-1:0]    configured;
    reg [NUM_VECTORS-1:0]    pending_used;
    reg [CONFIG_VECTORS-1:0] pending_config;

    wire [NUM_VECTORS-1:0] pend_hit    = pend ? (ONE << pend_vector) : NONE;
    wire [NUM_VECTORS-1:0] taken_hit   = taken ? (ONE << taken_vector) : NONE;
    wire [NUM_VECTORS-1:0] command_hit = ONE << command_vector;

    wire [NUM_VECTORS-1:0]    set_used   = pend_hit & {NUM_VECTORS{pend_used}};
    wire [CONFIG_VECTORS-1:0] set_config = pend_hit[CONFIG_VECTORS-1:0] & {CONFIG_VECTORS{pend_config}};

    always @(posedge aclk) begin
        if (!aresetn || clear || disabling) begin
            pending_used   <= NONE;
            pending_config <= {CONFIG_VECTORS{1'b0}};
        end else if (TAKE_WINS) begin
            pending_used   <= (pending_used | set_used) & ~taken_hit;
            pending_config <= (pending_config | set_config) & ~taken_hit[CONFIG_VECTORS-1:0];
        end else begin
            pending_used   <= (pending_used & ~taken_hit) | set_used;
            pending_config <= (pending_config & ~taken_hit[CONFIG_VECTORS-1:0]) | set_config;
        end
    end

    always @(posedge aclk) begin
        if (!aresetn || clear) begin
            masked     <= NONE;
            configured <= NONE;
        end else begin
            if (mask)
                masked <= masked | command_hit;
            if (unmask)
                masked <= masked & ~command_hit;
            if (configure)
                configured <= (staged_address != 64'd0) ? (configured | command_hit) : (configured & ~command_hit);
        end
    end

    assign disabled_used   = (|pending_used) || (pend && pend_used);
    assign disabled_config = (|pending_config) || (pend && pend_config);

    // ------------------------------------------------------------------ who may send
    wire [NUM_VECTORS-1:0] pending_config_wide;

    generate
        if (MSI_SHARING != 0 || NUM_VECTORS == 1) begin : config_on_any
            assign pending_config_wide = pending_config;
        end else begin : config_on_0
            assign pending_config_wide = {{(NUM_VECTORS - 1){1'b0}}, pending_config};
        end
    endgenerate

    wire [NUM_VECTORS-1:0] pending = pending_used | pending_config_wide;

    assign request = (TAKE_WINS ? (pending | pend_hit) : pending) & configured & ~masked;

    // ------------------------------------------------------------------ what the commands look at
    wire [VECTOR_WIDTH-1:0] look = peek ? peek_vector : command_vector;

    always @(posedge aclk) begin
        peeked_used   <= pending_used[look];
        peeked_config <= pending_config_wide[look];
        if (!peek) begin
            state_masked     <= masked[look];
            state_pending    <= pending[look];
            state_configured <= configured[look];
        end
    end

endmodule

`default_nettype wire
