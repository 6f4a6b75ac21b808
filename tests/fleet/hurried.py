"""`inboxbot worker` in a hurry: its rota looks each second, and who is silent for four seconds is dead. hurried.py VERB CONFIG"""

from __future__ import annotations

import sys

from inboxbot.cli import main
from inboxbot.fleet import rota, worker

if __name__ == "__main__":
    rota.TICK = 1
    rota.DEAD_AFTER = worker.DEAD_AFTER = 4.0
    worker.HEARTBEAT = 1.0
    sys.exit(main.run([sys.argv[1], "--config", sys.argv[2]]))
