"""`python -m service.receiver`: a partner's system by itself; it needs nothing of the service and starts at once."""

import typer

from service.receiver.command import receive

typer.run(receive)
