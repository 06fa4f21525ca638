"""The project's own command line, for the stages that measure what is shipped."""

import shlex
import subprocess


def dial(line):
    """What `dial` prints for these arguments. Raises CalledProcessError where it fails."""
    command = ["npm", "run", "-s", "dial", "--", *shlex.split(line)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
