"""`nrm worker`: the process that sends."""

from service.cli.opening import opened
from service.kernel.errors import DomainError, Kind
from service.wiring import Service
from service.worker.loop import Deliveries
from service.worker.running import work_until_signalled


class WorksInside(DomainError):
    """A worker beside the service would only compete with the one inside it."""

    kind = Kind.CONFLICT
    code = "works-inside"
    title = "`nrm serve` sends by itself here; with NRM_WORKER=beside for both, the worker is a process of its own"


def worker() -> None:
    """Send what is due until the process is told to stop."""
    with opened() as service:
        if service.settings.worker_is_inside:
            raise WorksInside
        work_until_signalled(deliveries_of(service), lambda: print("sending what is due", flush=True))


def deliveries_of(service: Service) -> Deliveries:
    """Give the loops what they work with.

    Args:
        service: the joined parts.
    """
    at_once = service.settings.deliveries_per_partner
    return Deliveries(service.system(), service.send, service.lease, at_once=at_once, pulse=service.pulse)
