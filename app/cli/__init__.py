"""The `outturn` command: migrate, load, import, serve, back up, reconcile, and what else an operator does.

A command imports what it needs when it is called, so that serving starts at once.
"""

import typer

from app.cli import audits, databases, documents, files, keys, reports, serving
from app.cli.reports import DEMO
from app.cli.serving import start

__all__ = ["DEMO", "app", "start"]

app = typer.Typer(no_args_is_help=True, help=__doc__, add_completion=False, pretty_exceptions_enable=False)
for command in (
    databases.migrate,
    reports.load,
    serving.serve,
    databases.backup,
    databases.restore,
    databases.rebuild,
    reports.lint,
    reports.reconcile,
    audits.diff,
    documents.openapi,
    documents.rules,
):
    app.command()(command)
app.command("import")(files.import_file)
app.command(hidden=True)(files.run_import)

_keys = typer.Typer(no_args_is_help=True, help="Keys for those who may do more than the public.")
_keys.command("create")(keys.create_key)
_keys.command("list")(keys.list_keys)
_keys.command("revoke")(keys.revoke_key)
app.add_typer(_keys, name="keys")

_audit = typer.Typer(no_args_is_help=True, help="What was done, by whom and why.")
_audit.command("verify")(audits.verify_audit)
app.add_typer(_audit, name="audit")
