"""The published warehouse: state, batches, build, views, versions, Parquet twin."""
