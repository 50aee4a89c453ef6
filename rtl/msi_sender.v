// msi_sender: decides in which cycle the scheduler's choice becomes a message.
//
// A vector's request is served when MSI is on, DRIVER_OK is set and the message bus has room. Nothing is taken in the
// cycle in which DISABLE is executed, so what is pending then is converted and not sent as well.
`default_nettype none

module msi_sender (
    input  wire msi_enabled,
    input  wire disabling,
    input  wire driver_ok,           // 0 during a reset, too
    input  wire grant_valid,
    input  wire may_send,
    output wire send
);

    assign send = grant_valid && may_send && msi_enabled && driver_ok && !disabling;

endmodule

`default_nettype wire
