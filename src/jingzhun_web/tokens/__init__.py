"""What programs are given: tokens to act with, and answers kept so that the same request twice acts once."""
