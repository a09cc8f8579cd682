"""One pandera.polars model a relation of the warehouse: the declaration from which everything else is generated."""
