"""What each part of the page shows, from public figures only."""
