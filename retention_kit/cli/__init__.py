"""The command `retention-kit`: reads what was typed, calls the kit, prints what it found.

Nothing is imported here: every process that a run starts loads this module once more.
"""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: list[str]) -> int:
    """Carry out one command line.

    Returns:
        0; 1 where something was done in part, and what remains was said; 2 where the reader has something to put
        right before anything can start; 130 where it was stopped at the keyboard.
    """
    try:
        from retention_kit.cli.commands import carry_out
    except KeyboardInterrupt:  # nothing has begun
        return 130
    return carry_out(arguments)
