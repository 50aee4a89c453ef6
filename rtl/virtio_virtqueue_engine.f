// The sources of virtio_virtqueue_engine, relative to this file: -F in Verilator and in commercial simulators. Icarus reads
// paths relative to the folder that it is started in: cd rtl; iverilog -f virtio_virtqueue_engine.f.
common/virtio_ram_1w1r.v
common/virtio_sync_fifo.v
virtqueue/virtio_virtqueue_engine.v
virtqueue/virtio_vq_area_check.v
virtqueue/virtio_vq_axi_read.v
virtqueue/virtio_vq_axi_write.v
virtqueue/virtio_vq_chain_walker.v
virtqueue/virtio_vq_completion.v
virtqueue/virtio_vq_counters.v
virtqueue/virtio_vq_counts.v
virtqueue/virtio_vq_doorbell.v
virtqueue/virtio_vq_event_gate.v
virtqueue/virtio_vq_fault.v
virtqueue/virtio_vq_fifo.v
virtqueue/virtio_vq_heads.v
virtqueue/virtio_vq_offer.v
virtqueue/virtio_vq_packed_fetch.v
virtqueue/virtio_vq_parameter_check.v
virtqueue/virtio_vq_publish.v
virtqueue/virtio_vq_read_channel.v
virtqueue/virtio_vq_record.v
virtqueue/virtio_vq_segment_walk.v
virtqueue/virtio_vq_slot_table.v
virtqueue/virtio_vq_split_fetch.v
virtqueue/virtio_vq_stop.v
virtqueue/virtio_vq_write_mover.v
