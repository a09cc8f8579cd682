"""What each asset does, without Dagster: offer, read, understand, normalise and audit, publish."""
