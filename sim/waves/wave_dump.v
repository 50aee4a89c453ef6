// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
// A second top module of every Icarus build: dumps the endpoint when the run is given +wave_file=PATH.
module wave_dump;

    reg [8 * 1024 - 1:0] file;

    initial if ($value$plusargs("wave_file=%s", file)) begin
        $dumpfile(file);
        $dumpvars(0, `DUMPED);
    end

endmodule
