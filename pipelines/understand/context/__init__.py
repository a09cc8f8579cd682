"""What a document says about itself: whose it is, of which region, year and kind. Not here: what any table means."""
