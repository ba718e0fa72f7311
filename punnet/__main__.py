"""`python -m punnet`."""

from punnet.cli import main

main()
