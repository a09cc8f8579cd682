"""What the data is: relations, vocabularies and reference data. Imports nothing of the project."""
