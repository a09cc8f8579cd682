"""What workers run: one document in, one file or one set of frames out. One module a stage, so that a worker loads no other's needs."""
