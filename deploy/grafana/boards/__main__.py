"""`python -m deploy.grafana.boards`: write the boards and alerts as Grafana is provisioned with them."""

from deploy.grafana.boards.files import PROVISIONING, files

for name, content in files().items():
    (PROVISIONING / name).write_text(content, encoding="utf-8")
