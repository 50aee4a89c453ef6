// The sources of virtio_virtqueue_engine, relative to this file.
virtqueue/virtio_virtqueue_engine.v
