"""Pictures of the documentation, drawn from simulations."""
