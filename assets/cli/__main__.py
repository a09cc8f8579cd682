"""`python -m assets.cli`: the command line where the script `yusuan` is not on the path."""

from assets.cli.app import main

main()
