"""Who may see which rows and columns, as values."""
