"""The command line: `yusuan …`. One module a group of commands; `app` puts them together."""
