"""Runs management commands one after another in one process: Django is loaded once, not once for each.

Called by deploy.local.lifecycle; a line that begins with MARK tells the caller that a command is done.
"""

import sys

MARK = "\x1edone "


def main(commands: list[str]) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    for command in commands:
        name, *arguments = command.split()
        call_command(name, *arguments)
        print(f"{MARK}{name}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
