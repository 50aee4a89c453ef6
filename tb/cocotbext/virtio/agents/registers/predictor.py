"""Keeps the register model's mirror up to date from the monitor (pyuvm has no working predictor)."""

from cocotbext.virtio.registers import Register
from pyuvm import uvm_component, uvm_predict_e, uvm_subscriber


class RegisterPredictor(uvm_component):
    """Predicts from every access seen on the bus, whoever made it.

    Connect ``writes`` to the monitor's ``responded`` port and ``reads`` to its ``read`` port, and call
    :meth:`follow` with the model. Writes that the endpoint must ignore are not predicted: partial ones,
    and MSI registers while the driver has not accepted MSI.
    """

    class _Subscriber(uvm_subscriber):
        def __init__(self, name, parent, predict):
            super().__init__(name, parent)
            self._predict = predict

        def write(self, observation):
            self._predict(observation)

    def build_phase(self):
        super().build_phase()
        self._model = None
        self._interface = self.cdb_get("INTERFACE")
        self.writes = self._Subscriber("writes", self, self._written).analysis_export
        self.reads = self._Subscriber("reads", self, self._read).analysis_export

    def follow(self, model) -> None:
        """Predict the registers of *model* (a ``cocotbext.virtio.register_model.RegisterModel``)."""
        self._model = model

    def _register(self, address: int):
        return self._model.bus.get_reg_by_offset(address) if self._model else None

    def _ignored(self, address: int) -> bool:
        interface = self._interface
        return (
            Register.MSI_VEC_NUM <= address <= Register.MSI_DATA
            and not interface.device_state.driver_features >> interface.config.msi_feature_bit & 1
        )

    def _written(self, write) -> None:
        register = self._register(write.address)
        if register is None or write.strobe != 0xF or self._ignored(write.address):
            return
        if write.address == Register.STATUS and not write.data & 0xFF:
            self._model.reset()
        else:
            register.predict(write.data, kind=uvm_predict_e.UVM_PREDICT_WRITE)

    def _read(self, read) -> None:
        register = self._register(read.address)
        if register is not None:
            register.predict(read.data, kind=uvm_predict_e.UVM_PREDICT_READ)
