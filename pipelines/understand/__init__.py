"""A Document becomes logical tables: stitched, named, with header paths, codes and row roles."""
