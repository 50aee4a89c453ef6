"""Options of every test run."""


def pytest_addoption(parser):
    """--seed, as SEED for `make sim`."""
    parser.addoption("--seed", help="seed of the simulations: a number, or 'random' (default: 1)")
