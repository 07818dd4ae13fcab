"""`python -m publisher`: the command line."""

import sys

from publisher.cli import main

sys.exit(main())
