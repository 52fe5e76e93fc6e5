"""Administrative areas, province to village: what contains what. Area codes have 12 digits."""
