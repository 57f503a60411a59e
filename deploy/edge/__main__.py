"""Writes an edge's configuration: python -m deploy.edge <folder>."""

import sys
from pathlib import Path

from deploy.edge.config import from_environment, write

print(write(from_environment(Path(sys.argv[1]).resolve())))
