"""How the data is made: read → understand → normalise → audit → publish. Imports no Dagster."""
