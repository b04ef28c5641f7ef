"""What studies report: the claims, whatever kind of text they are in."""
