"""When the data is made: Dagster definitions and the command line. The only package that imports Dagster."""
