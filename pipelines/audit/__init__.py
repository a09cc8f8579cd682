"""Which numbers are right: identities, localisation of errors, findings, trust."""
