"""`python -m sim.syn`."""

import sys

from sim.syn.cli import main

sys.exit(main())
