"""`python -m syn`."""

import sys

from syn.cli import main

sys.exit(main())
