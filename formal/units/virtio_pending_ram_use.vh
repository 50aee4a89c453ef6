// What virtio_pending_ram asks of its user. KEPT(name, condition) is an assumption in the module's own proof, and an assertion in
// the proofs of the endpoint and in simulation (sim/formal/use.py).
