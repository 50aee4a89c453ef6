"""`python -m sim.cosim`."""

import sys

from sim.cosim.cli import main

sys.exit(main())
