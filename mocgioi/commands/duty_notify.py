"""`mocgioi duty notify`: posts incidents that need a person to Alertmanager."""

import typer


def add_to(app: typer.Typer) -> None:
    """Add the command to the group `duty`."""
    app.command(short_help="Báo trực ban qua Alertmanager · notify the officer on duty")(notify)


def notify() -> None:
    """Gửi việc cần người xử lý đến Alertmanager cho đến khi có người nhận · post what needs a person until somebody acknowledges, until SIGTERM.

    Chạy hai tiến trình thì một tiến trình chờ thay · of two, one waits to take over.
    """
    from contextlib import ExitStack, suppress

    from mocgioi.service import logs
    from mocgioi.service.database import make_current, server_url
    from mocgioi.service.settings import load
    from mocgioi.service.workers import Composition, leaving_at_once, run
    from schemas.records import Unavailable
    from sinks.metrics import Metrics

    settings = load()
    logs.configure(settings.log, settings.log_level)
    with leaving_at_once(), ExitStack() as stack:
        composition = Composition(settings, Metrics())
        url = stack.enter_context(server_url(settings))
        with suppress(Unavailable):  # waited for once it runs
            make_current(settings, url)
        composition.add_notifier(url)
        composition.add_health()
        raise SystemExit(run(composition))
